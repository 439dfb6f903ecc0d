import type { EnvironmentFile } from "../../../spec/environment.js";

/** What is refused, and the nearest thing that is not. */
export interface RefusalCase {
  readonly code: string;
  readonly refused: EnvironmentFile;
  readonly field: string;
  readonly allowed: EnvironmentFile;
  /** Another refusal that cannot be avoided beside this one. */
  readonly also?: string;
}
