import { createHash, randomInt } from "node:crypto";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";

/** The secret store, as Harbor's settings need it. */
export interface HarborSecrets {
  get(name: string): Secret | undefined;
  /** Keeps a secret; it is used only after this has ended. */
  keep(name: string, secret: Secret): Promise<void>;
}

const LETTERS = "abcdefghijkmnopqrstuvwxyz";
const DIGITS = "23456789";
const ALL = `${LETTERS}${LETTERS.toUpperCase()}${DIGITS}`;
const LENGTH = 32;

/** A secret that Harbor accepts for a robot: 8 to 128 signs, with a capital, a small letter and a digit. */
export function makeRobotSecret(): Secret {
  const signs = Array.from({ length: LENGTH - 3 }, () => oneOf(ALL));
  for (const kind of [LETTERS, LETTERS.toUpperCase(), DIGITS])
    signs.splice(randomInt(signs.length + 1), 0, oneOf(kind));
  return new Secret(signs.join(""));
}

function oneOf(signs: string): string {
  return signs.charAt(randomInt(signs.length));
}

/**
 * A secret that somebody has to give.
 * @throws Problem `harbor/secret-missing`
 */
export function givenSecret(secrets: HarborSecrets, name: string, field: string): Secret {
  const secret = secrets.get(name);
  if (secret !== undefined) return secret;
  throw new Problem({
    code: "harbor/secret-missing",
    field,
    says: `the secret ${name} is not in the secret store`,
    instead: `put it there: harborwright secret set E ${name}`,
  });
}

/** Name in the store of the mark that tells what Harbor was sent. */
function markName(name: string): string {
  return `${name}/sent`;
}

/**
 * The secret, if Harbor has it already. Harbor never shows some secrets again; a mark in the store tells which one it
 * was sent, and for which thing: a new one of the same name has a new id, and no secret of ours.
 */
export function sentSecret(secrets: HarborSecrets, name: string, id: string): Secret | undefined {
  const secret = secrets.get(name);
  if (secret === undefined) return undefined;
  return secrets.get(markName(name))?.reveal() === markOf(secret, id) ? secret : undefined;
}

/** Remembers that Harbor has the secret, for the thing with this id. */
export async function rememberSent(secrets: HarborSecrets, name: string, id: string): Promise<void> {
  const secret = secrets.get(name);
  if (secret !== undefined) await secrets.keep(markName(name), new Secret(markOf(secret, id)));
}

function markOf(secret: Secret, id: string): string {
  return createHash("sha256").update(`${id}\0${secret.reveal()}`).digest("hex");
}
