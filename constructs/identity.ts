import type { NamedProps } from "./named.js";

/** What a machine is and may do in the cloud. It starts with no right at all. */
export interface IdentityProps extends NamedProps {
  /** Who it is for, for the reader of the console. */
  readonly description: string;
}
