/** A host shows a key that nobody has approved yet. */
export interface UnknownHostKey {
  readonly host: string;
  /** Name or address and port, as the connection was made. */
  readonly address: string;
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:…`, as ssh-keygen prints it. */
  readonly fingerprint: string;
}

/** A secret that only the person knows. `again` means that the last answer was wrong. */
export type SecretQuestion =
  | { readonly is: 'passphrase'; readonly host: string; readonly keyFile: string; readonly again: boolean }
  | { readonly is: 'password'; readonly host: string; readonly user: string; readonly again: boolean }
  /** The host's own question: `title` and `prompt` are foreign text; `echo` means that the answer may be seen. */
  | { readonly is: 'interactive'; readonly host: string; readonly user: string; readonly title: string; readonly prompt: string; readonly echo: boolean; readonly again: boolean }
  | { readonly is: 'sudo'; readonly host: string; readonly user: string; readonly again: boolean };

/** Asks the person. One question is asked at a time. */
export interface HostPrompts {
  /** Whether the key is trusted from now on; no answer means no. */
  unknownHostKey(key: UnknownHostKey, signal: AbortSignal): Promise<boolean>;
  /** Undefined when the person does not answer. */
  secret(question: SecretQuestion, signal: AbortSignal): Promise<string | undefined>;
}
