import { existsSync, readFileSync } from 'node:fs';
import { snapshotReader } from '../../../src/node/snapshot/snapshotReader.js';

// A whole process that verifies one file with the workers that lie beside its bundle: `verifyOnce FILE`.
void snapshotReader(__dirname).verify(process.argv[2] ?? '', { signal: new AbortController().signal }).then(({ file, trailer, status, hashKv }) => {
  console.log(JSON.stringify({
    size: file.size, trailer, hash: status.hash, revision: `${status.revision}`, totalKey: status.totalKeys.upTo35,
    totalSize: status.totalSize, hashKv: hashKv.hash, maxRss: peakMemory(),
  }));
});

/** Peak resident bytes. The kernel's own count of this program: that of getrusage also holds what the parent had when it forked. */
function peakMemory(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return peak === undefined ? process.resourceUsage().maxRSS * 1024 : Number(peak) * 1024;
}
