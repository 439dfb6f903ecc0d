import { inspect } from "node:util";

/** What stands in the place of a secret wherever people or logs can see it. */
export const MASK = "***";

/**
 * A value that nobody may see. It prints as `***` wherever it is turned into text, JSON or a debugger's view;
 * only {@link Secret.reveal} gives the value, and only files marked sensitive and the input of SSH may take it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Every call is a place where it could leak: keep them few. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
