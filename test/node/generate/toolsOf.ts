import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { said, type Said } from '../../../src/core/host/outcome.js';
import { findProgram } from '../../../scripts/findProgram.js';

const always = ['awk', 'cat', 'cut', 'date', 'env', 'head', 'sed', 'tail', 'timeout', 'tr'];

/** Makes a folder with only these programs, and those that any host has; as the PATH of a host that lacks the others. */
export async function onlyTools(folder: string, ...names: readonly string[]): Promise<string> {
  const path = join(folder, `with-${names.join('-') || 'nothing'}`);
  await mkdir(path);
  await Promise.all([...always, ...names].map(async name => {
    const program = findProgram(name);
    if (program === undefined) throw new Error(`${name} is not on this machine`);
    await symlink(program, join(path, name));
  }));
  return path;
}

/** What a text of ours says on a host with this PATH. */
export async function saidBy(text: string, args: readonly string[], path: string): Promise<Said | undefined> {
  const stdout = await new Promise<string>((resolve, reject) => {
    execFile('/bin/sh', ['-c', text, 'text', ...args], { cwd: '/', env: { PATH: path } }, (error, out, err) => { if (error === null) resolve(out); else reject(new Error(`${error.message} ${err}`)); });
  });
  return said(stdout);
}
