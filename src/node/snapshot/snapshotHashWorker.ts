import { examineFile } from '../../core/snapshot/examineFile.js';
import { answer } from './answer.js';
import { control, ended } from './control.js';
import { hashFile } from './hashFile.js';
import { openFile } from './openFile.js';

/** What this worker is started with. */
export interface HashTask {
  readonly path: string;
  readonly shared: SharedArrayBuffer;
}

void answer(async started => {
  const { path, shared } = started as HashTask;
  const ours = control(shared);
  try {
    using file = openFile(path);
    const shape = examineFile(file);
    return { shape, hashes: await hashFile(file, shape.trailerPlaces, ours) };
  } finally {
    ours.advance(ended);
  }
});
