/** A script for a host's `/bin/sh`: its text is fixed, what varies comes as arguments. */
export interface HostScript {
  readonly text: string;
  /** Without NUL; behind SSH, without line ends as well. */
  readonly args: readonly string[];
  /** The script's standard input, UTF-8 or bytes; without it, the script reads nothing. */
  readonly input?: string | AsyncIterable<Uint8Array>;
}

export interface HostRun {
  readonly signal: AbortSignal;
  /** What the script prints, as it comes. */
  readonly onOutput?: (text: string) => void;
  /** The script goes on when the connection to the host is lost, and its outcome is fetched afterwards. It has no input. */
  readonly outlives?: true;
}

export interface HostOutcome {
  /** Exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Something that a script holds on a host until this is disposed of, or the connection is lost. */
export interface HostKeep extends AsyncDisposable {
  /** The line it began with, without the line's end. */
  readonly said: string;
  /** Resolves when this holds nothing any more for us: it was let go, or lost. */
  readonly ended: Promise<void>;
  /** Ends what may still hold on the host although the connection is lost: the host need not have noticed. Never rejects. */
  end(): Promise<void>;
}

export interface HostUpload {
  readonly signal: AbortSignal;
  /** Bytes of the file that are on the host by now. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * A machine on which something is done. The local one and those behind SSH look alike from here.
 * Every call rejects with a KnownError when the host cannot be reached, and with HOST_LOST when nobody knows what came of it.
 */
export interface Host {
  readonly name: string;
  /** Runs the script to its end. Aborting ends its process group. */
  run(script: HostScript, options: HostRun): Promise<HostOutcome>;
  /**
   * Runs a script that holds something for as long as its standard input stays open; a dot comes there every five seconds, so that
   * it can tell when it was cut off. Resolves with its first `@…` line; disposing closes the input and waits for its end. Rejects with
   * what the script says when it says no HOLDS.
   */
  keep(script: HostScript, signal: AbortSignal): Promise<HostKeep>;
  /** The file's text, undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** The file's bytes in order, from an offset. Rejects with FILE_UNREADABLE. */
  stream(path: string, signal: AbortSignal, from?: number): AsyncIterable<Uint8Array>;
  /** Appends and flushes to disk. The file must exist. */
  append(path: string, text: string): Promise<void>;
  /** Writes the whole file, mode 0600, complete or not at all, and flushes it. */
  write(path: string, text: string): Promise<void>;
  /**
   * Copies a file of the editor's machine to the host: mode 0600, complete or not at all, flushed. It grows as `TO.part`;
   * what an earlier attempt left there is gone on with where its sha256 is that of the same bytes here.
   */
  upload(from: string, to: string, options: HostUpload): Promise<void>;
  /** Ends every connection to the host. The next use makes a new one. */
  close(): Promise<void>;
}
