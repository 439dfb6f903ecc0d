import { randomInt } from "node:crypto";
import { hash } from "bcryptjs";
import { SEED_LETTERS } from "../spec/harbor/seeds.js";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import { secretName, settableKind } from "./names.js";
import type { SecretStore } from "./store.js";

/** Letters and digits that nobody confuses when a password is read aloud: without l, o, I, O, 0 and 1. */
export const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** 24 of 56 letters are 139 bits. */
const PASSWORD_LENGTH = 24;

/**
 * Rounds of bcrypt, as powers of two. The registry hashes the password of every single request anew: 10 costs a node
 * 50 ms of CPU each time, 5 costs 2 ms. Rounds protect a password that can be guessed from who has stolen its hash; one
 * of ours cannot be guessed at any speed.
 */
const BCRYPT_COST = { made: 5, given: 10 } as const;

/** bcrypt passes over whatever comes after these bytes, so a longer password would be weaker than it looks. */
const BCRYPT_BYTES = 72;

/** What Harbor's own files hold; all else of Harbor's travels through its API, which takes any text. */
const IN_HARBOR_FILES: readonly string[] = [
  secretName.harbor.adminPassword,
  secretName.harbor.databasePassword,
  secretName.harbor.redisPassword,
  secretName.harbor.githubToken,
  secretName.harbor.jaegerPassword,
];

/** A text of random letters; `randomInt` draws each without bias. */
export function randomSecret(length: number): Secret {
  return new Secret(Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join(""));
}

/** A password that nobody has to think of. */
export function randomPassword(): Secret {
  return randomSecret(PASSWORD_LENGTH);
}

/** Gives a user a new random password. The hosts learn it with the next release. */
export async function rotateUser(store: SecretStore, user: string): Promise<void> {
  await setPassword(store, user, randomPassword(), "made");
}

/**
 * Sets a password and the hash that belongs to it.
 * @throws Problem `secrets/password-refused` when bcrypt could not keep it whole
 */
export async function setPassword(
  store: SecretStore,
  user: string,
  password: Secret,
  origin: keyof typeof BCRYPT_COST,
): Promise<void> {
  const bytes = Buffer.byteLength(password.reveal());
  if (bytes === 0 || bytes > BCRYPT_BYTES || /[\0\r\n]/.test(password.reveal())) {
    throw new Problem({
      code: "secrets/password-refused",
      says: `the password of ${user} has ${bytes} bytes or holds a line break`,
      instead: `one line of 1 to ${BCRYPT_BYTES} bytes is needed; harborwright makes a good one by itself`,
    });
  }
  store.set(secretName.user(user), password);
  store.set(secretName.userHash(user), new Secret(await hash(password.reveal(), BCRYPT_COST[origin])));
}

/**
 * Sets a secret that a user gives: `harborwright secret set`.
 * @throws Problem `secrets/unknown-name`, `secrets/not-settable`, `secrets/password-refused`, `secrets/empty`, `secrets/harbor-letters`
 */
export async function setSecret(store: SecretStore, name: string, secret: Secret): Promise<void> {
  const { name: kind } = settableKind(name);
  if (kind === "user/<name>") return setPassword(store, name.slice("user/".length), secret, "given");
  // All of them become one line of a configuration file or of a header.
  if (!/^[^\0\r\n]+$/.test(secret.reveal())) {
    throw new Problem({
      code: "secrets/empty",
      says: `the value for ${name} is empty or has several lines`,
      instead: "give one line of text",
    });
  }
  if (IN_HARBOR_FILES.includes(kind) && !SEED_LETTERS.test(secret.reveal())) {
    throw new Problem({
      code: "secrets/harbor-letters",
      says: `the value for ${name} has characters that Harbor's configuration cannot hold`,
      instead: "use letters, digits, '_' and '-' only: Harbor writes it unquoted into YAML and env files",
      source: "goharbor/harbor#16372",
    });
  }
  store.set(name, secret);
}
