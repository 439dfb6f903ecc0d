/** What a file looks like on a host, or shall look like. */
export interface FileState {
  /** sha256 of its bytes, in hex. */
  readonly sha256: string;
  /** Permission bits in octal: "640". */
  readonly mode: string;
  /** Numeric owner and group: "0:10101". */
  readonly owner: string;
}

export function sameState(one: FileState, other: FileState): boolean {
  return one.sha256 === other.sha256 && one.mode === other.mode && one.owner === other.owner;
}
