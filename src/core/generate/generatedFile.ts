/** A file of a generated folder. */
export interface GeneratedFile {
  /** Below the folder, with `/`, made of `A-Za-z0-9._-` alone. */
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}
