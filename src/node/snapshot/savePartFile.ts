import { constants } from 'node:fs';
import { link, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { isKnown, KnownError, textOf } from '../../core/errors.js';

/** A file that gets its name only when it is whole. */
export interface PartFile {
  readonly partPath: string;
  /** To write to, from any thread of this process, until it is published or disposed of. */
  readonly fd: number;
  /** Bytes that an earlier attempt left and that are gone on with. */
  readonly kept: number;
  /** Leaves what is there for another attempt when it is disposed of. */
  keep(): void;
  /** Flushes and gives it its name, in that order. Rejects with `FILE_EXISTS` rather than replace anything. */
  publish(): Promise<void>;
  /** Closes it, and removes it unless it was published or is to be kept. */
  [Symbol.asyncDispose](): Promise<void>;
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** The error of a disk in our words. */
export function writeError(file: string, error: unknown): KnownError {
  if (isKnown(error)) return error;
  return codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT'
    ? new KnownError('SAVE_DISK_FULL', { folder: path.dirname(file), path: file }, { cause: error })
    : new KnownError('SAVE_WRITE_FAILED', { path: file, reason: textOf(error) }, { cause: error });
}

/** Whether a part of so many bytes, open to read and write, is one to go on with. */
export type GoOn = (fd: number, size: number) => Promise<boolean>;

interface OpenedPart {
  readonly partPath: string;
  readonly handle: FileHandle;
  readonly kept: number;
}

/** The first free of `NAME.part`, `NAME.2.part`…, or one to go on with: what else a killed attempt left is neither in the way nor touched. */
async function openFree(file: string, goOn?: GoOn): Promise<OpenedPart> {
  for (let attempt = 1; ; attempt++) {
    const partPath = attempt === 1 ? `${file}.part` : `${file}.${attempt}.part`;
    try {
      return { partPath, handle: await open(partPath, 'wx', 0o600), kept: 0 };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || attempt === 1000) throw error;
      const left = goOn && await openLeft(partPath, goOn);
      if (left) return left;
    }
  }
}

/** A file of this user's alone and no link, so that nobody else has a say in what is written to it. */
async function openLeft(partPath: string, goOn: GoOn): Promise<OpenedPart | undefined> {
  const handle = await open(partPath, constants.O_RDWR | constants.O_NOFOLLOW).catch(() => undefined);
  try {
    const found = await handle?.stat();
    const ours = found?.isFile() === true && found.nlink === 1 && (process.getuid === undefined || found.uid === process.getuid() && (found.mode & 0o077) === 0);
    if (handle && ours && found.size > 0 && await goOn(handle.fd, found.size)) return { partPath, handle, kept: found.size };
  } catch (error) {
    await handle?.close();
    throw error;
  }
  await handle?.close();
  return undefined;
}

/** Rejects with `SAVE_NO_SPACE` where the file's folder has no room for so many bytes. */
export async function checkRoom(file: string, needed: number): Promise<void> {
  const folder = path.dirname(file);
  const disk = await statfs(folder).catch((error: unknown) => { throw writeError(file, error); });
  const free = disk.bavail * disk.bsize;
  // Some network file systems tell no size at all.
  if (disk.blocks > 0 && free < needed) throw new KnownError('SAVE_NO_SPACE', { folder, free, needed });
}

/** Makes the file's entry in its folder survive a power cut. Not possible on Windows, which does it by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}

const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** Renames without ever replacing: a hard link fails where something is; without links the name is claimed first. */
async function renameToFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to).catch(async (error: unknown) => {
      if (!noHardLinks.has(codeOf(error) ?? '')) throw error;
      await (await open(to, 'wx', 0o600)).close();
      await rename(from, to);
    });
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? new KnownError('FILE_EXISTS', { path: to }, { cause: error }) : error;
  }
  await rm(from, { force: true });
}

/**
 * Opens a part file beside `file`, mode 0600, in a folder that is made with mode 0700 if it is missing. Rejects with
 * `FILE_EXISTS`, `SAVE_WRITE_FAILED` or `SAVE_DISK_FULL`, and so do its methods.
 */
export async function openPartFile(file: string, goOn?: GoOn): Promise<PartFile> {
  const folder = path.dirname(file);
  const inOurWords = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => { throw writeError(file, error); });
  const opened = await inOurWords((async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (await stat(file).then(() => true, () => false)) throw new KnownError('FILE_EXISTS', { path: file });
    return openFree(file, goOn);
  })());
  const { partPath, handle, kept } = opened;
  let stays = false;
  return {
    partPath,
    fd: handle.fd,
    kept,
    keep: () => { stays = true; },
    publish: () => inOurWords((async () => {
      await handle.sync();
      await handle.close();
      await renameToFree(partPath, file);
      stays = true;
      await syncFolder(folder);
    })()),
    [Symbol.asyncDispose]: async () => {
      await handle.close().catch(() => undefined);
      if (!stays) await rm(partPath, { force: true });
    },
  };
}
