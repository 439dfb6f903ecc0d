import { setTimeout as pause } from "node:timers/promises";

/** How long something is waited for, and how often it is looked at. Milliseconds. */
export interface Patience {
  readonly deadline: number;
  readonly between: number;
}

/**
 * Looks again and again until there is an answer.
 * @returns the answer, or undefined when the deadline has passed
 */
export async function until<T>(
  look: () => Promise<T | undefined>,
  { deadline, between }: Patience,
): Promise<T | undefined> {
  const end = Date.now() + deadline;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() + between > end) return undefined;
    await pause(between);
  }
}

/** Does something again when it failed for a reason that may pass, twice at most. */
export async function again<T>(
  work: () => Promise<T>,
  mayPass: (error: unknown) => boolean,
  waits: readonly number[] = [2_000, 8_000],
): Promise<T> {
  const [wait, ...rest] = waits;
  try {
    return await work();
  } catch (error) {
    if (wait === undefined || !mayPass(error)) throw error;
    await pause(wait);
    return again(work, mayPass, rest);
  }
}
