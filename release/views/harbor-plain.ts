import { Problem } from "../../spec/problem.js";
import type { Secret } from "../../spec/secret.js";
import { survivesPrepare } from "../quoting.js";

const INSTEAD =
  "letters, digits, '_' and '-' always come back; blanks, quotes, '$', '#' and what YAML takes for a number do not";

/**
 * A text of the environment file that Harbor writes on without quotes.
 * @param field - where it stands
 * @throws Problem `harbor/changed-by-prepare` when it would not come back as it is
 */
export function plain(text: string, field: string): string {
  if (survivesPrepare(text)) return text;
  throw new Problem({
    code: "harbor/changed-by-prepare",
    says: `Harbor writes ${JSON.stringify(text)} without quotes into files that would read something else`,
    instead: INSTEAD,
    field,
    source: "goharbor/harbor#16372",
  });
}

/**
 * A secret that Harbor writes on without quotes.
 * @param name - its name in the secret store
 * @throws Problem `harbor/changed-by-prepare` when it would not come back as it is
 */
export function plainSecret(secret: Secret, name: string): Secret {
  if (survivesPrepare(secret.reveal())) return secret;
  throw new Problem({
    code: "harbor/changed-by-prepare",
    says: `Harbor writes the secret ${name} without quotes into files that would read something else`,
    instead: INSTEAD,
    source: "goharbor/harbor#16372",
  });
}
