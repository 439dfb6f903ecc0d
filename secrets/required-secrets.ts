import { type ProblemDetails, Problems } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import { isMade } from "./names.js";
import type { SecretStore } from "./store.js";

/** Takes secrets out of a store and remembers those that are not there, so that all of them are told at once. */
export class RequiredSecrets {
  readonly #environment: string;
  readonly #store: SecretStore;
  readonly #missing: ProblemDetails[] = [];

  constructor(environment: string, store: SecretStore) {
    this.#environment = environment;
    this.#store = store;
  }

  /**
   * @param field - field of the environment file that asks for the secret
   * @returns an empty secret when it is missing; {@link RequiredSecrets.refuseMissing} must be called before use
   */
  take(name: string, field?: string): Secret {
    const secret = this.#store.get(name);
    if (secret !== undefined) return secret;
    this.#missing.push({
      code: "secrets/missing",
      says: `the secret ${name} is not in ${this.#store.path}`,
      instead: isMade(name)
        ? `harborwright up ${this.#environment} makes it`
        : `harborwright secret set ${this.#environment} ${name}`,
      field,
    });
    return new Secret("");
  }

  /** @throws Problems `secrets/missing` */
  refuseMissing(): void {
    if (this.#missing.length > 0) throw new Problems(this.#missing);
  }
}
