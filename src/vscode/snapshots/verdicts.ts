import * as vscode from 'vscode';
import type { SnapshotEntry } from '../../core/snapshot/snapshotEntry.js';

const outcomes = ['received', 'verified', 'unsealed', 'refused'] as const;

/** What was found out about a snapshot file, and when. */
export interface Verdict {
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  /** ISO 8601. */
  readonly at: string;
  /** `received`: its sha256 was compared while it was taken. `verified`: structure and every value were read too. */
  readonly outcome: typeof outcomes[number];
  /** sha256 of the whole file in hex, where it is known. */
  readonly sha256?: string;
  /** Code of the error, when it was refused. */
  readonly code?: string;
  readonly revision?: string;
}

const key = 'verdicts';
const atMost = 500;

/** Remembers what was found out about each snapshot file; a file that has changed since is unknown again. */
export class Verdicts implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<string>();
  private readonly memory: vscode.Memento;
  readonly onDidChange = this.changed.event;

  constructor(memory: vscode.Memento) {
    this.memory = memory;
  }

  of(entry: Pick<SnapshotEntry, 'path' | 'size' | 'mtimeMs'>): Verdict | undefined {
    const found = this.all()[entry.path];
    return found?.size === entry.size && found.mtimeMs === entry.mtimeMs ? found : undefined;
  }

  async remember(path: string, verdict: Verdict): Promise<void> {
    const rest = Object.entries(this.all()).filter(([other]) => other !== path).slice(-(atMost - 1));
    await this.memory.update(key, Object.fromEntries([...rest, [path, verdict]]));
    this.changed.fire(path);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private all(): Readonly<Record<string, Verdict>> {
    return Object.fromEntries(Object.entries(this.memory.get<object>(key) ?? {}).filter(isEntry));
  }
}

/** The memory may be older than this code. */
const isEntry = (entry: readonly [string, unknown]): entry is [string, Verdict] => {
  const [, value] = entry;
  return typeof value === 'object' && value !== null && 'size' in value && 'mtimeMs' in value && 'at' in value && 'outcome' in value
    && outcomes.some(outcome => outcome === value.outcome);
};
