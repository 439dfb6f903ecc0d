import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import type { Secret } from "./secret.js";

/** Rounds that PostgreSQL itself takes (scram_iterations). */
const ROUNDS = 4096;

/**
 * What PostgreSQL keeps of a password (RFC 5803), and takes in its place: then no statement, and no log of statements,
 * holds the password itself. Only for passwords without a letter that RFC 4013 would change, as all of ours are.
 * @param salt - random, 16 bytes
 */
export function scramVerifier(password: Secret, salt: Buffer): string {
  const salted = pbkdf2Sync(password.reveal(), salt, ROUNDS, 32, "sha256");
  const keyed = (what: string) => createHmac("sha256", salted).update(what).digest();
  const stored = createHash("sha256").update(keyed("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${ROUNDS}:${salt.toString("base64")}$${stored}:${keyed("Server Key").toString("base64")}`;
}
