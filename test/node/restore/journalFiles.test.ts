import assert from 'node:assert/strict';
import { appendFile, chmod, chown, mkdir, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { journalLine, type Entry, type RunRecord } from '../../../src/core/journal.js';
import type { Plan } from '../../../src/core/plan.js';
import { localHost } from '../../../src/node/host/localHost.js';
import { journalName, LARGEST_JOURNAL, openJournal, readCopies, type JournalPlaces } from '../../../src/node/restore/journalFiles.js';
import { digestOf, isApproved } from '../../../src/node/restore/restoreRun.js';
import { trustedJournal } from '../../../src/node/restore/trustedJournal.js';
import { takeBack } from '../../../src/core/takeBack.js';
import { planOf } from '../../core/handmade.js';
import { run, Scratch } from './scratch.js';

const plan: Plan = { ...planOf([['a'], ['b']]), run };
const opening = { event: 'opened', at: 'now', by: 'me@here', digest: digestOf(plan), plan } as const;
const fresh: RunRecord = { opening, entries: [] };
const entries: readonly Entry[] = [{ event: 'started', at: '1', step: 'a' }, { event: 'done', at: '2', step: 'a' }, { event: 'started', at: '3', step: 'b' }];
const textOf = (record: RunRecord): string => [record.opening, ...record.entries].map((line, n) => journalLine(n, line)).join('');
const approved = (copy: RunRecord) => isApproved(copy, opening.digest);

async function placesIn(scratch: Scratch): Promise<JournalPlaces & { readonly paths: readonly string[] }> {
  const host = localHost();
  const beside = await Promise.all(['m1', "m '2"].map(async name => ({ host, path: join((await scratch.dataDir(name)).dataDir, journalName(run)) })));
  const own = { host, path: join(scratch.dir, 'editor/of/its/own', journalName(run)) };
  return { beside, own, paths: [...beside, own].map(({ path }) => path) };
}

describe('the copies of a journal', () => {
  it('say all the same, for nobody else to read', async () => {
    await using scratch = await Scratch.make();
    const places = await placesIn(scratch);
    const journal = await openJournal(places, fresh);
    for (const entry of entries) await journal.append(entry);
    for (const path of places.paths) {
      assert.equal(await readFile(path, 'utf8'), textOf({ opening, entries }));
      assert.equal((await stat(path)).mode & 0o777, 0o600);
    }
    assert.deepEqual(await readCopies(places, approved), { opening, entries });
  });

  it('are believed as far as the longest goes, and mended before anything is added', async () => {
    await using scratch = await Scratch.make();
    const places = await placesIn(scratch);
    await openJournal(places, fresh);
    const [first = '', second = '', own = ''] = places.paths;
    await writeFile(first, textOf({ opening, entries }));
    await appendFile(first, journalLine(4, { event: 'done', at: '4', step: 'b' }).slice(0, 20));
    await writeFile(second, textOf({ opening, entries }).slice(0, -3));
    await rm(own);
    const record = await readCopies(places, approved);
    assert.deepEqual(record, { opening, entries });
    const journal = await openJournal(places, record);
    const last: Entry = { event: 'done', at: '5', step: 'b' };
    await journal.append(last);
    for (const path of places.paths) assert.equal(await readFile(path, 'utf8'), textOf({ opening, entries: [...entries, last] }));
    assert.deepEqual((await readdir(join(first, '..'))).sort(), ['member', journalName(run)]);
  });

  it('are none when none has a whole first line', async () => {
    await using scratch = await Scratch.make();
    const places = await placesIn(scratch);
    assert.equal(await readCopies(places, approved), undefined);
    await writeFile(places.paths[0] ?? '', textOf(fresh).slice(0, -1));
    assert.equal(await readCopies(places, approved), undefined);
  });

  it('that somebody changed are left aside, however long they are', async () => {
    await using scratch = await Scratch.make();
    const places = await placesIn(scratch);
    await openJournal(places, { opening, entries: entries.slice(0, 1) });
    const evil = { ...planOf([['a'], ['evil']]), run };
    const back: Plan = { ...evil, kind: 'takeBack' };
    const [first = '', second = ''] = places.paths;
    await writeFile(first, textOf({ opening: { ...opening, plan: evil, digest: digestOf(evil) }, entries }));
    await writeFile(second, textOf({ opening, entries: [...entries, { event: 'takingBack', at: '', by: 'me@here', digest: digestOf(back), plan: back }] }));
    assert.deepEqual(await readCopies(places, approved), { opening, entries: entries.slice(0, 1) });
  });

  it('with a way back of their own plan are believed', async () => {
    await using scratch = await Scratch.make();
    const places = await placesIn(scratch);
    const back = takeBack(plan, new Set(['a']), []);
    const record: RunRecord = { opening, entries: [...entries, { event: 'takingBack', at: '', by: 'me@here', digest: digestOf(back), plan: back }] };
    await openJournal(places, record);
    assert.deepEqual(await readCopies(places, approved), record);
  });

  it('are not written through a link, neither whole nor a line more', async () => {
    await using scratch = await Scratch.make();
    const places = await placesIn(scratch);
    const [first = ''] = places.paths;
    const canary = join(scratch.dir, 'canary');
    await writeFile(canary, 'whole');
    await symlink(canary, `${first}.part`);
    const journal = await openJournal(places, fresh);
    await rename(first, `${first}.real`);
    await symlink(canary, first);
    await assert.rejects(journal.append({ event: 'finished', at: '' }), { code: 'FILE_UNWRITABLE' });
    assert.equal(await readFile(canary, 'utf8'), 'whole');
  });
});

describe('a journal that somebody points at', () => {
  async function written(scratch: Scratch): Promise<string> {
    const folder = join(scratch.dir, 'data');
    await mkdir(folder, { mode: 0o700 });
    const path = join(folder, journalName(run));
    await writeFile(path, textOf({ opening, entries }), { mode: 0o600 });
    return path;
  }
  const refused = (path: string, code: string, args?: Readonly<Record<string, unknown>>) => assert.rejects(trustedJournal(path), { code, ...args === undefined ? {} : { args: { path, ...args } } });

  it('is used when only its owner can have written it', async () => {
    await using scratch = await Scratch.make();
    assert.deepEqual(await trustedJournal(await written(scratch)), { opening, entries });
  });

  it('is refused when it is a link, or lies in a folder that is one', async () => {
    await using scratch = await Scratch.make();
    const path = await written(scratch);
    await symlink(path, join(scratch.dir, 'link.journal'));
    await refused(join(scratch.dir, 'link.journal'), 'JOURNAL_NOT_TRUSTED', { fault: 'IS_LINK' });
    await symlink(join(path, '..'), join(scratch.dir, 'folder'));
    await refused(join(scratch.dir, 'folder', journalName(run)), 'JOURNAL_NOT_TRUSTED', { fault: 'FOLDER_IS_LINK', folder: join(scratch.dir, 'folder') });
  });

  it('is refused when others can write it, or the folder it lies in', async () => {
    await using scratch = await Scratch.make();
    const path = await written(scratch);
    for (const [place, mode, before] of [[path, 0o660, 0o600], [path, 0o602, 0o600], [dirname(path), 0o770, 0o700], [dirname(path), 0o1777, 0o700]] as const) {
      await chmod(place, mode);
      const modeText = (mode & 0o777).toString(8);
      await refused(path, 'JOURNAL_NOT_TRUSTED', place === path ? { fault: 'OF_OTHERS', mode: modeText } : { fault: 'FOLDER_OF_OTHERS', folder: dirname(path), mode: modeText });
      await chmod(place, before);
    }
    await trustedJournal(path);
  });

  it('is refused when it belongs to somebody else, but not when only its folder does', async () => {
    await using scratch = await Scratch.make();
    const path = await written(scratch);
    if (process.getuid?.() === 0) {
      await chown(join(path, '..'), 12_345, 12_345);
      await trustedJournal(path);
      await chown(path, 12_345, 12_345);
      await refused(path, 'JOURNAL_NOT_TRUSTED', { fault: 'FOREIGN', uid: 12_345 });
    } else {
      // A user cannot give a file away; one of the system's is trusted, and is no journal.
      await refused('/etc/passwd', 'JOURNAL_UNREADABLE');
    }
  });

  it('is refused when it is no regular file, or a large one, without waiting for anybody', async () => {
    await using scratch = await Scratch.make();
    const path = await written(scratch);
    await rm(path);
    execFileSync('mkfifo', ['-m', '600', path]);
    await refused(path, 'JOURNAL_NOT_TRUSTED', { fault: 'NO_FILE' });
    await rm(path);
    await mkdir(path, { mode: 0o700 });
    await refused(path, 'JOURNAL_NOT_TRUSTED', { fault: 'NO_FILE' });
    await rm(path, { recursive: true });
    await writeFile(path, '', { mode: 0o600 });
    await truncate(path, LARGEST_JOURNAL + 1);
    await refused(path, 'JOURNAL_NOT_TRUSTED', { fault: 'TOO_LARGE', size: LARGEST_JOURNAL + 1 });
  });

  it('is refused when its plan was changed, be it with a digest to match, or its way back', async () => {
    await using scratch = await Scratch.make();
    const path = await written(scratch);
    await writeFile(path, textOf({ opening: { ...opening, plan: { ...plan, cluster: 'other' } }, entries }));
    await refused(path, 'JOURNAL_DIGEST_DIFFERS');
    const back: Plan = { ...planOf([['evil']]), run, kind: 'takeBack' };
    await writeFile(path, textOf({ opening, entries: [{ event: 'takingBack', at: '', by: 'x', digest: digestOf(back), plan: back }] }));
    await refused(path, 'JOURNAL_DIGEST_DIFFERS');
  });

  it('is unreadable when it is none, and says so when it is not there', async () => {
    await using scratch = await Scratch.make();
    const path = await written(scratch);
    for (const text of ['', '\0\0\0', '{}\n', '{"n":0,"event":"opened","at":"","by":"","digest":"","plan":7}\n', textOf(fresh).slice(0, -1)]) {
      await writeFile(path, text);
      await refused(path, 'JOURNAL_UNREADABLE');
    }
    await refused(join(scratch.dir, 'nothing'), 'FILE_UNREADABLE');
  });
});
