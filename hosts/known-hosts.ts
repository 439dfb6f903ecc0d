import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Node } from "../spec/inventory.js";

/** A place in an environment: all that the name of a host's key is made from. */
export type Place = Pick<Node, "name" | "site">;

/** The name under which a host's key is kept: its place in the environment, so that a changed address changes nothing. */
export function hostKeyAlias(node: Place): string {
  return `${node.name}.${node.site}`;
}

/**
 * Makes the keys that are given for a node the only ones it may show.
 * Nothing is written when the file says so already.
 */
export function pinHostKeys(knownHosts: string, node: Node, keys: readonly string[]): void {
  const alias = hostKeyAlias(node);
  const before = readLines(knownHosts);
  const after = [...before.filter((line) => !names(line, alias)), ...keys.map((key) => `${alias} ${key}`)];
  if (after.join("\n") !== before.join("\n")) writeLines(knownHosts, after);
}

/** Forgets the keys of a node whose host was made anew. */
export function forgetHost(knownHosts: string, node: Place): void {
  const before = readLines(knownHosts);
  const after = before.filter((line) => !names(line, hostKeyAlias(node)));
  if (after.length !== before.length) writeLines(knownHosts, after);
}

/** The fingerprints that are kept for a node, as ssh prints them: `SHA256:…`. */
export function keptFingerprints(knownHosts: string, node: Place): string[] {
  return readLines(knownHosts)
    .filter((line) => names(line, hostKeyAlias(node)))
    .map((line) => fingerprint(line.split(" ")[2] ?? ""));
}

function fingerprint(key: string): string {
  const digest = createHash("sha256").update(Buffer.from(key, "base64")).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}

function names(line: string, alias: string): boolean {
  return (line.split(" ")[0] ?? "").split(",").includes(alias);
}

function readLines(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** By rename, since ssh may be reading the file for another host. */
function writeLines(path: string, lines: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  renameSync(partial, path);
}
