/** What an estimate assumes of a month. */
export interface Usage {
  /** GiB of images that are kept. @default - what the bucket is planned for */
  readonly stored?: number;
  /** GiB that clients pull. @default 500 */
  readonly pulled?: number;
  /** Share of the pulled GiB that goes to clients on the internet, 0 to 1. @default - all of it through a public entry, else none */
  readonly toInternet?: number;
  /** Share of the layers that is older than `infrequentAfter`, 0 to 1. @default 0.6 */
  readonly old?: number;
}

/** Days after which the saving of a cheaper class is told of where the file names none. */
export const USUAL_INFREQUENT_DAYS = 90;
/** Share of what is pulled that old layers are: the old is asked for seldom, or it would not be old. */
export const READ_OF_OLD = 0.05;
/** GiB of flow and audit logs that a node causes in a month. */
export const LOGS_OF_NODE = 2;
