import { endScript } from '../../core/host/endScript.js';
import { outcomeOf } from '../host/runningCommand.js';
import { startScript, type RemoteScript, type RemoteShell } from './remoteShell.js';

/** Milliseconds an ending may take; then the connection is given up and the script left alone. */
const PATIENCE = 20_000;

/** Ends a script's process group on the host, as root where the script is root's. Never rejects. */
export async function endRemote(shell: RemoteShell, remote: RemoteScript): Promise<void> {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const command = await startScript(shell, endScript(remote.pid, remote.mark), signal, true);
    signal.addEventListener('abort', () => command.destroy(), { once: true });
    await outcomeOf(command, undefined);
  } catch {
    // Without a connection nothing can be ended there.
  } finally {
    remote.destroy();
  }
}
