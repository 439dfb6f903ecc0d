import * as z from "zod";
import { parsedJson } from "../spec/parsed-json.js";
import { Secret } from "../spec/secret.js";
import { damaged } from "./envelope.js";
import { secretName } from "./names.js";
import type { SecretStore } from "./store.js";

const generation = z.int().min(1);

const rotationSchema = z.strictObject({
  /** The key that the hosts have. */
  inUse: generation,
  /** One that is made, or will be, and that not all hosts have yet. */
  coming: generation.optional(),
  /** One that no host has any more, and that is still to be deleted. */
  leaving: generation.optional(),
});

/**
 * Which access keys a site's bucket has. Two at a time are valid while hosts change from one to the other, so that none
 * of them is ever without one; the cloud allows no more than two.
 */
export type KeyRotation = z.output<typeof rotationSchema>;

/** The keys that the stack makes or keeps; what is not among them it deletes. The last one is told to the hosts. */
export function wantedGenerations({ inUse, coming }: KeyRotation): number[] {
  return coming === undefined ? [inUse] : [inUse, coming];
}

/** Begins a rotation, or goes on with one that was interrupted. */
export function begun(rotation: KeyRotation): KeyRotation {
  const isUnderWay = rotation.coming !== undefined || rotation.leaving !== undefined;
  return isUnderWay ? rotation : { inUse: rotation.inUse, coming: rotation.inUse + 1 };
}

/** All hosts have the new key: the old one may go. */
export function taken(rotation: KeyRotation): KeyRotation {
  return rotation.coming === undefined ? rotation : { inUse: rotation.coming, leaving: rotation.inUse };
}

/** The old key is deleted. */
export function ended({ inUse }: KeyRotation): KeyRotation {
  return { inUse };
}

/** How far the rotation is, as the store remembers it. */
export function storedRotation(store: SecretStore): KeyRotation {
  const text = store.get(secretName.storageKeyRotation)?.reveal();
  if (text === undefined) return { inUse: 1 };
  const parsed = rotationSchema.safeParse(parsedJson(text));
  if (!parsed.success) throw damaged(store.path);
  return parsed.data;
}

/** Remembers how far it is. Nothing is written: call `store.save()`. */
export function keepRotation(store: SecretStore, rotation: KeyRotation): void {
  store.set(secretName.storageKeyRotation, new Secret(JSON.stringify(rotation)));
}
