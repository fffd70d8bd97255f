import { randomFillSync } from 'node:crypto';
import type { RandomAccessFile } from '../../core/ports.js';
import { damage } from '../../core/snapshot/bolt/damage.js';
import type { Database } from '../../core/snapshot/bolt/database.js';
import { pageMemory } from '../../core/snapshot/crc32c/pageMemory.js';
import { examineFile } from '../../core/snapshot/examineFile.js';
import { hashKvOf } from '../../core/snapshot/hashKv.js';
import { readLastRevision } from '../../core/snapshot/lastRevision.js';
import { readSnapshot } from '../../core/snapshot/readSnapshot.js';
import type { HashKvRequest } from '../../core/snapshot/reader.js';
import { answer } from './answer.js';
import { control } from './control.js';
import { followFrontier } from './followFrontier.js';
import { openFile } from './openFile.js';

/** What this worker is started with. */
export type ContentTask =
  | { readonly kind: 'content'; readonly path: string; readonly shared: SharedArrayBuffer }
  | { readonly kind: 'hashKv'; readonly path: string; readonly shared: SharedArrayBuffer; readonly request: HashKvRequest }
  | { readonly kind: 'lastRevision'; readonly path: string };

void answer(started => {
  const task = started as ContentTask;
  using file = openFile(task.path);
  switch (task.kind) {
    case 'content': return readSnapshot(database(followFrontier(file, control(task.shared))), seed());
    case 'hashKv': return hashKvOf(database(followFrontier(file, control(task.shared))), task.request, seed());
    case 'lastRevision': return readLastRevision(database(file));
  }
});

function database(file: RandomAccessFile): Database {
  const { meta } = examineFile(file);
  if (!meta) throw damage(file.path, 'META', 0);
  return { file, meta, memory: pageMemory() };
}

function seed(): Uint32Array {
  return randomFillSync(new Uint32Array(4));
}
