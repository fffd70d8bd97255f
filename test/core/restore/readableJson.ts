import type { Plan } from '../../../src/core/plan.js';

const WIDTH = 150;

/** JSON as one reads it: what fits on a line stands on one line. */
export function readableJson(value: unknown, indent = ''): string {
  const line = JSON.stringify(value, undefined, 1).replaceAll(/\n */g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + line.length <= WIDTH) return line;
  const deeper = `${indent}  `;
  const [open, close, parts] = Array.isArray(value)
    ? ['[', ']', value.map((each: unknown) => readableJson(each, deeper))] as const
    : ['{', '}', Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${readableJson(each, deeper)}`)] as const;
  return `${open}\n${parts.map(part => `${deeper}${part}`).join(',\n')}\n${indent}${close}`;
}

/** A plan in which each etcd process is described once, at its head, and an expectation's probe once. */
export function withNamedProcesses(plan: Plan): unknown {
  const processes: Record<string, unknown> = {};
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named);
    if (typeof value !== 'object' || value === null) return value;
    if ('memberDirs' in value && 'sockets' in value && 'dataDir' in value && 'host' in value) {
      const { memberDirs, sockets, dataDir, host, ...rest } = value;
      const where = `${host === 'local' ? '' : `${String(host)}:`}${String(dataDir)}`;
      const name = Array.isArray(memberDirs) && memberDirs.length > 0 ? `etcd in ${where}` : `what listens beside ${where}`;
      processes[name] = { host, dataDir, memberDirs, sockets };
      return Object.keys(rest).length === 0 ? name : { ...rest, etcd: name };
    }
    if ('act' in value && 'done' in value) {
      const { act, done } = value as { act: object; done: unknown };
      if ('probe' in act && JSON.stringify(act.probe) === JSON.stringify(done)) return named({ ...value, done: 'the probe' });
    }
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, named(each)]));
  };
  const { stages, ...head } = plan;
  const shown = named(stages);
  return { ...head, processes, stages: shown };
}
