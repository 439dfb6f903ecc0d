import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../spec/problem.js";

/** How long a cloud may take for a small change, and how often it is asked, milliseconds. */
const PATIENCE = { whole: 300_000, between: 2_000 };

/**
 * Waits until a cloud has done what it was told.
 * @param what - as people call it
 * @throws Problem `services/not-settled`
 */
export async function settled(what: string, isDone: () => Promise<boolean>, patience = PATIENCE): Promise<void> {
  const deadline = Date.now() + patience.whole;
  while (!(await isDone())) {
    if (Date.now() > deadline) {
      throw new Problem({
        code: "services/not-settled",
        says: `${what} is still being changed after ${Math.round(patience.whole / 60_000)} minutes`,
        instead: "look at it in the console of the cloud; then give the same command again",
      });
    }
    await sleep(patience.between);
  }
}
