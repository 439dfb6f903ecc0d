import { createHash } from "node:crypto";
import type { FileOf, ReleaseFile, Unit } from "./release.js";

/** All units, in the order in which a release.json names them. */
export const UNITS = [
  "registry",
  "front",
  "floating-address",
  "kernel",
  "service",
  "nothing",
] as const satisfies readonly Unit[];

/** sha256 of a text in UTF-8, in hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** sha256 over paths, modes, owners and contents, in hex. The order of the files does not matter. */
export function filesDigest(files: readonly FileOf<string>[]): string {
  const lines = files.map((file) =>
    JSON.stringify([file.path, file.mode, file.owner, file.group, sha256(file.content)]),
  );
  return sha256(lines.sort().join("\n"));
}

/** The digest of each unit's files; a unit without files has the digest of nothing. */
export function unitDigests(files: readonly ReleaseFile[]): Readonly<Record<Unit, string>> {
  const digest = (unit: Unit) => filesDigest(files.filter((file) => file.unit === unit));
  return Object.fromEntries(UNITS.map((unit) => [unit, digest(unit)])) as Record<Unit, string>;
}
