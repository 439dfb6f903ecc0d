import type { Configuration } from "./configuration.js";
import type { State } from "./state.js";

/** Which resource needs which: as the configuration has it, and for what was made as it was when it was made. */
export class Graph {
  readonly #needs = new Map<string, readonly string[]>();

  constructor(
    readonly configuration: Configuration,
    state: State,
  ) {
    for (const address of new Set([...configuration.bodies.keys(), ...state.resources])) {
      this.#needs.set(address, [...new Set([...configuration.references(address), ...state.dependencies(address)])]);
    }
  }

  /** All resources, those that are to come and those that are to go. */
  get resources(): string[] {
    return [...this.#needs.keys()].filter((address) => !address.startsWith("data."));
  }

  path(address: string): string {
    return this.configuration.path(address);
  }

  /** Everything that some resources need, directly or not, and they themselves. */
  neededBy(addresses: Iterable<string>): Set<string> {
    const found = new Set<string>();
    const waiting = [...addresses];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      waiting.push(...(this.#needs.get(next) ?? []));
    }
    return found;
  }

  /** Whether a resource needs one of some others. */
  needsOneOf(address: string, others: ReadonlySet<string>): boolean {
    return [...this.neededBy([address])].some((one) => one !== address && others.has(one));
  }
}
