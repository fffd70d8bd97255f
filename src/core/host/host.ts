/** A script for a host's `/bin/sh`: its text is fixed, what varies comes as arguments. */
export interface HostScript {
  readonly text: string;
  readonly args: readonly string[];
}

export interface HostRun {
  readonly signal: AbortSignal;
  /** What the script prints, as it comes. */
  readonly onOutput?: (text: string) => void;
}

export interface HostOutcome {
  /** Exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A machine on which something is done. The local one and those behind SSH look alike from here.
 * Every call rejects with a KnownError when the host cannot be reached.
 */
export interface Host {
  readonly name: string;
  /** Runs the script, which goes to the shell's standard input. Aborting ends its process group. */
  run(script: HostScript, options: HostRun): Promise<HostOutcome>;
  /** The file's text, undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Appends and flushes to disk. The file must exist. */
  append(path: string, text: string): Promise<void>;
  /** Writes the whole file, mode 0600, complete or not at all, and flushes it. */
  write(path: string, text: string): Promise<void>;
}
