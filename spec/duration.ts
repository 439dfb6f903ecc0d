import * as z from "zod";

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof MILLISECONDS;

/** A length of time as people write it: a whole number and a unit, `250ms`, `30s`, `5m`, `168h`, `7d`. */
export const durationSchema = z.string().regex(/^[1-9][0-9]{0,8}(ms|s|m|h|d)$/, {
  error: "a duration is a whole number and a unit: 500ms, 30s, 5m, 12h, 7d",
});

/** The number of milliseconds in a duration that the schema has accepted. */
export function milliseconds(duration: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(duration);
  if (match === null) throw new RangeError(`not a duration: ${duration}`);
  return Number(match[1]) * MILLISECONDS[match[2] as Unit];
}

/** The number of seconds in a duration, rounded up, for programs that know whole seconds only. */
export function wholeSeconds(duration: string): number {
  return Math.ceil(milliseconds(duration) / 1_000);
}
