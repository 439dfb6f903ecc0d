import { chmod, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import { damaged, recipientsOf, seal, unseal } from "./envelope.js";
import { type Identity, makeIdentity, readIdentity } from "./identity.js";
import { whileLocked } from "./store-lock.js";
import { hasCode } from "./system-error.js";

/** The secrets of one environment, kept encrypted beside its file. */
export interface SecretStore {
  /** Where it lies: `prod.secrets.age`. */
  readonly path: string;
  get(name: string): Secret | undefined;
  /** Names of all secrets, sorted. */
  names(): string[];
  /** Holds a secret in memory; {@link SecretStore.save} writes it. */
  set(name: string, secret: Secret): void;
  /**
   * Writes what was set since the last save, together with what other commands saved meanwhile, in one atomic step.
   * @returns whether anything had to be written: also true when only the list of recipients changed
   * @throws Problem `secrets/changed-meanwhile` when another command changed the same secret, `secrets/locked`,
   * `secrets/not-a-recipient`, `secrets/recipient-invalid`
   */
  save(): Promise<boolean>;
}

export interface StoreOptions {
  /** The operator's age identity; made when a store is first saved. */
  readonly identityFile: string;
  /** Public age keys of all who may read the store, besides the one who made it. */
  readonly recipients: readonly string[];
}

const VERSION = 1;
const payloadSchema = z.strictObject({ version: z.literal(VERSION), secrets: z.record(z.string(), z.string()) });
/** A robot of a project is named by both: `harbor/robot/team+ci`. */
const NAME = /^[a-z][a-z0-9-]*(\/[A-Za-z0-9][A-Za-z0-9._@+-]*)*$/;

/** What lay on the disk when it was read. */
interface Snapshot {
  readonly secrets: ReadonlyMap<string, string>;
  /** Who could open it, its maker first. */
  readonly recipients: readonly string[];
}
const NOTHING: Snapshot = { secrets: new Map(), recipients: [] };

/**
 * Opens the store of an environment; one that does not exist yet is empty and appears with the first save.
 * @throws Problem `secrets/identity-missing`, `secrets/identity-readable`, `secrets/wrong-identity`, `secrets/damaged`
 */
export async function openStore(path: string, options: StoreOptions): Promise<SecretStore> {
  let base = await readSnapshot(path, options.identityFile);
  const pending = new Map<string, string>();

  async function write(identity: Identity): Promise<boolean> {
    const present = await readSnapshot(path, options.identityFile);
    refuseConflicts(pending, base, present, path);
    const recipients = recipientsFor(present, identity, options.recipients);
    const secrets = new Map([...present.secrets, ...pending]);
    if (isSame(present, { secrets, recipients })) return false;
    await replaceFile(path, await seal(payloadOf(secrets), recipients));
    base = { secrets, recipients };
    pending.clear();
    return true;
  }

  return {
    path,
    get: (name) => {
      const value = pending.get(name) ?? base.secrets.get(name);
      return value === undefined ? undefined : new Secret(value);
    },
    names: () => [...new Set([...base.secrets.keys(), ...pending.keys()])].sort(),
    set: (name, secret) => {
      if (!NAME.test(name)) throw new RangeError(`not a name of a secret: ${name}`);
      pending.set(name, secret.reveal());
    },
    save: async () => {
      if (base === NOTHING && pending.size === 0) return false;
      const identity = (await readIdentity(options.identityFile)) ?? (await makeIdentity(options.identityFile));
      const recipients = recipientsFor(base, identity, options.recipients);
      if (isSame(base, { secrets: new Map([...base.secrets, ...pending]), recipients })) return false;
      return whileLocked(path, () => write(identity));
    },
  };
}

async function readSnapshot(path: string, identityFile: string): Promise<Snapshot> {
  const armoured = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (armoured === undefined) return NOTHING;
  const identity = await readIdentity(identityFile);
  if (identity === undefined) throw identityMissing(path, armoured, identityFile);
  return {
    secrets: secretsIn(await unseal(armoured, identity, path), path),
    recipients: recipientsOf(armoured, path),
  };
}

/**
 * The secrets in a store that lies elsewhere: in a backup.
 * @param file - where it was found, for messages
 * @throws Problem `secrets/wrong-identity`, `secrets/damaged`, `secrets/newer-version`
 */
export async function secretsOf(armoured: string, identity: Identity, file: string): Promise<Map<string, Secret>> {
  const secrets = secretsIn(await unseal(armoured, identity, file), file);
  return new Map([...secrets].map(([name, value]) => [name, new Secret(value)]));
}

function secretsIn(payload: string, path: string): Map<string, string> {
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch {
    throw damaged(path);
  }
  const parsed = payloadSchema.safeParse(json);
  if (parsed.success) return new Map(Object.entries(parsed.data.secrets));
  const version = z.object({ version: z.number().gt(VERSION) }).safeParse(json);
  if (!version.success) throw damaged(path);
  throw new Problem({
    code: "secrets/newer-version",
    says: `${path} is of version ${version.data.version}, written by a newer harborwright`,
    instead: `this one reads version ${VERSION}: update it`,
  });
}

function payloadOf(secrets: ReadonlyMap<string, string>): string {
  const sorted = [...secrets].sort(([left], [right]) => (left < right ? -1 : 1));
  return `${JSON.stringify({ version: VERSION, secrets: Object.fromEntries(sorted) }, null, 2)}\n`;
}

/** The maker stays a recipient for ever; the others are those that the environment file names now. */
function recipientsFor(present: Snapshot, identity: Identity, listed: readonly string[]): string[] {
  const maker = present.recipients[0] ?? identity.recipient;
  const recipients = [...new Set([maker, ...listed])];
  if (recipients.includes(identity.recipient)) return recipients;
  throw new Problem({
    code: "secrets/not-a-recipient",
    says: `your key ${identity.recipient} is not among those who may read the secrets, so you could not read what you save`,
    instead: "add it to secrets.recipients of the environment file",
    field: "secrets.recipients",
  });
}

function refuseConflicts(pending: ReadonlyMap<string, string>, base: Snapshot, present: Snapshot, path: string): void {
  const names = [...pending.keys()].filter((name) => present.secrets.get(name) !== base.secrets.get(name));
  const differing = names.filter((name) => present.secrets.get(name) !== pending.get(name));
  if (differing.length === 0) return;
  throw new Problem({
    code: "secrets/changed-meanwhile",
    says: `another command has changed ${differing.sort().join(", ")} in ${path} meanwhile`,
    instead: "nothing was written; run the command again",
  });
}

function isSame(left: Snapshot, right: Snapshot): boolean {
  return payloadOf(left.secrets) === payloadOf(right.secrets) && left.recipients.join() === right.recipients.join();
}

/** Whoever reads the path sees the old bytes or the new ones, also after a crash. Only called under the lock. */
async function replaceFile(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  await writeFile(partial, text, { mode: 0o600, flag: "wx", flush: true });
  await chmod(partial, 0o600);
  await rename(partial, path);
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function identityMissing(path: string, armoured: string, identityFile: string): Problem {
  const recipients = recipientsOf(armoured, path);
  return new Problem({
    code: "secrets/identity-missing",
    says: `${path} is encrypted and there is no identity ${identityFile} to open it`,
    instead: `put back the identity of ${recipients.length === 0 ? "one of its readers" : recipients.join(" or ")}, or name it with HARBORWRIGHT_IDENTITY`,
  });
}
