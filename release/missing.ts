import { Problem } from "../spec/problem.js";

/**
 * The value, which the environment needs and secrets/ or the site must have brought along.
 * @param what - what is missing, in a user's words: "the certificate of site main"
 * @throws Problem `release/missing` when it is not there
 */
export function needed<Value>(value: Value | undefined, what: string): Value {
  if (value !== undefined) return value;
  throw new Problem({
    code: "release/missing",
    says: `${what} is needed for the files of the hosts and is not there`,
    instead: "run `harborwright up`, which makes what can be made and asks for the rest",
  });
}
