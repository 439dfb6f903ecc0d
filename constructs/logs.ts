import { milliseconds } from "../spec/duration.js";
import type { NamedProps } from "./named.js";

/** Where the cloud's services write what happens around a site. */
export interface LogsProps extends NamedProps {
  /** Days that logs are kept. @default 90 */
  readonly keepDays?: number;
}

/** What is written down. */
export type LogPurpose = "flows" | "audit" | "requests";

const DAY = 86_400_000;

/** Whole days of a duration, rounded up: services that keep things know days only. */
export function wholeDays(duration: string): number {
  return Math.ceil(milliseconds(duration) / DAY);
}
