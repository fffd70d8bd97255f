import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const count = 10_000;
const seed = Number(process.env['ETCD_RECOVERY_SEED'] ?? 1);

describe(`${count} damaged files`, function () {
  this.timeout(300_000);

  it('are each refused for the right reason, crash nothing, end, and take less than 512 MB', async () => {
    const script = path.join(import.meta.dirname, 'damagedFilesRun.ts');
    const { stdout } = await run(process.execPath, ['--import', 'tsx', script, `${count}`, `${seed}`], { timeout: 240_000 });
    const { verdicts, maxRss } = JSON.parse(stdout) as { verdicts: Record<string, number>; maxRss: number };
    assert.ok(maxRss < 512 * 1024 * 1024, `${maxRss} bytes`);
    assert.equal(Object.values(verdicts).reduce((sum, one) => sum + one, 0), count);
    for (const reason of ['PAGE_ID', 'PAGE_TWICE', 'PAGE_BOUNDS', 'ELEMENT_BOUNDS', 'KEY_ORDER', 'KEY_VALUE']) {
      assert.ok(verdicts[`SNAPSHOT_DAMAGED ${reason}`], `${reason} was never met: ${JSON.stringify(verdicts)}`);
    }
  });
});
