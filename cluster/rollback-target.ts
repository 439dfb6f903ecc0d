import type { ReleaseSet } from "./actions.js";
import type { CompleteSet } from "./history.js";

/**
 * The set of releases to go back to: the newest that all nodes once ran together and that is not what they run now.
 * After an `up` that stopped half-way it is the set before it; after a rollback it is the one that was rolled back.
 * @param current - the release of each node; none where there is none
 * @param histories - what each host remembers, the oldest first
 */
export function rollbackTarget(
  current: Readonly<Record<string, string | undefined>>,
  histories: readonly (readonly CompleteSet[])[],
): ReleaseSet | undefined {
  const nodes = Object.keys(current);
  const differs = ({ releases }: CompleteSet) => nodes.some((node) => releases[node] !== current[node]);
  const namesAll = ({ releases }: CompleteSet) => nodes.every((node) => releases[node] !== undefined);
  return histories
    .flat()
    .sort((one, other) => (one.at < other.at ? 1 : -1))
    .find((set) => namesAll(set) && differs(set))?.releases;
}
