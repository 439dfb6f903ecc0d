import * as z from "zod";
import { SEED_LETTERS } from "../spec/harbor/seeds.js";
import { parsedJson } from "../spec/parsed-json.js";
import { Secret } from "../spec/secret.js";
import { damaged } from "./envelope.js";
import { randomDatabasePassword } from "./harbor-seeds.js";
import { secretName } from "./names.js";
import type { SecretStore } from "./store.js";

const names = secretName.harbor;

const rotationSchema = z.discriminatedUnion("phase", [
  z.strictObject({ phase: z.literal("none") }),
  z.strictObject({ phase: z.literal("coming"), password: z.string().regex(SEED_LETTERS) }),
  z.strictObject({ phase: z.literal("returning") }),
]);

/**
 * How far a change of the data base's password is.
 * - `coming`: Harbor's role has the old password. Nodes get a second login, which has the coming one.
 * - `returning`: the coming password is that of Harbor's role. Nodes go back to it; some have the second login still.
 */
export type DatabaseRotation = z.output<typeof rotationSchema>;

type Readable = Pick<SecretStore, "get" | "path">;

/** How far a change is, as the store remembers it. */
export function storedDatabaseRotation(store: Readable): DatabaseRotation {
  const text = store.get(names.databaseRotation)?.reveal();
  if (text === undefined) return { phase: "none" };
  const parsed = rotationSchema.safeParse(parsedJson(text));
  if (!parsed.success) throw damaged(store.path);
  return parsed.data;
}

/** The password of the second login, while nodes shall have that. */
export function comingDatabasePassword(store: Readable): { readonly comingDatabasePassword?: Secret } {
  const rotation = storedDatabaseRotation(store);
  return rotation.phase === "coming" ? { comingDatabasePassword: new Secret(rotation.password) } : {};
}

/** Begins a change, or goes on with one that was interrupted. Nothing is written: call `store.save()`. */
export function beginDatabaseRotation(store: SecretStore): void {
  if (storedDatabaseRotation(store).phase !== "none") return;
  keep(store, { phase: "coming", password: randomDatabasePassword().reveal() });
}

/** All nodes have the second login: nobody needs the old password any more, and Harbor's role gets the coming one. */
export function takeDatabasePassword(store: SecretStore): void {
  const { comingDatabasePassword: coming } = comingDatabasePassword(store);
  if (coming === undefined) return;
  store.set(names.databasePassword, coming);
  keep(store, { phase: "returning" });
}

/** There is no second login any more, or there was none yet. */
export function endDatabaseRotation(store: SecretStore): void {
  keep(store, { phase: "none" });
}

function keep(store: SecretStore, rotation: DatabaseRotation): void {
  store.set(names.databaseRotation, new Secret(JSON.stringify(rotation)));
}
