import type { Action } from '../action.js';
import type { Probe } from '../probe.js';
import { restoreArgv } from './restoreArgv.js';
import { shellLine } from './shellWord.js';

/** The commands an action comes down to, as one would type them; what is waited for without a command has none. */
export function commandLines(action: Action): readonly string[] {
  switch (action.do) {
    case 'expect':
      return probeLines(action.probe);
    case 'stage':
      return [shellLine(restoreArgv(action.staging)), shellLine(['mv', '-T', '--', action.staging.part, action.staging.target])];
    case 'stop':
    case 'start':
      return [shellLine(action.argv)];
    case 'park':
      return [shellLine(['mv', '-T', '--', action.pod.manifest, action.pod.parked])];
    case 'putBack':
      return [shellLine(['mv', '-T', '--', action.pod.parked, action.pod.manifest])];
    case 'restartKubelet':
      return [shellLine(['systemctl', 'restart', 'kubelet.service'])];
    case 'upload':
      return [shellLine(['scp', '--', action.from, `${action.host}:${action.to}`])];
    case 'move':
      return [shellLine(['mv', '-T', '--', action.from, action.to])];
  }
}

const probeLines = (probe: Probe): readonly string[] => probe.is === 'sameFile' ? [shellLine(['sha256sum', probe.path])] : [];
