import { quoted } from "../hosts/quote.js";
import type { Reader, SharedItem } from "./harbor-shared.js";

/** Folders of Harbor on a host. */
export interface HarborFolders {
  /** The folder `common/config` that is in use. */
  readonly config: string;
  /** The folder `secret` of data_volume. */
  readonly secrets: string;
}

/** What a node has of an item: a digest of what nobody may see, otherwise the value. */
export type SharedValue = string | undefined;

const FUNCTIONS = `
digest() { { printf %s "$nonce"; printf %s "$value"; } | sha256sum | cut -c 1-64; }
harmless() { printf %s "$value" | tr -c 'A-Za-z0-9_,.:+-' '?' | cut -c 1-80; }
env_value() { value=$(sed -n "s/^$2=//p" "$1" 2>/dev/null | head -n 1); }
whole() { value=$(cat "$1" 2>/dev/null || true); }
database() { value=$(printf '%s' "$value" | sed -n 's|^[a-z+]*://[^/]*/\\(.*\\)$|\\1|p' | sed 's/?.*//; s|.*/||'); }
scheme() { value=$(printf '%s' "$value" | sed -n 's|^\\([a-z+]*\\)://.*|\\1|p'); }
yaml_in() { value=$(awk -v section="$2:" -v key="$3:" '/^[a-z]/ { at = $1 } at == section && $1 == key { gsub(/"/, "", $2); print $2; exit }' "$1" 2>/dev/null || true); }
yaml_any() { value=$(awk -v key="$2:" '$1 == key { gsub(/"/, "", $2); print $2; exit }' "$1" 2>/dev/null || true); }
loggers() { value=$(awk '/^[a-z]/ { at = $1 } at == "job_loggers:" && $1 == "-" && $2 == "name:" { gsub(/"/, "", $3); printf "%s%s", comma, $3; comma = "," }' "$1" 2>/dev/null || true); }`;

/**
 * Shell that prints a line for each item: its number, and what this node has of it. What nobody may see leaves the host
 * as a digest alone, and under a nonce, so that it says nothing to anybody but who compares.
 */
export function sharedScript(items: readonly SharedItem[], folders: HarborFolders, nonce: string): string {
  const lines = items.map((item, index) => {
    const folder = item.in === "config" ? folders.config : folders.secrets;
    const print = item.isSecret ? "digest" : "harmless";
    return `${reading(quoted(`${folder}/${item.file}`), item.read)}
[ -z "$value" ] || printf '%s %s\\n' ${index} "$(${print})"`;
  });
  return `
[ -e ${quoted(folders.config)}/core/env ] || { echo absent; exit 0; }
nonce=${quoted(nonce)}
${FUNCTIONS}
${lines.join("\n")}`;
}

function reading(file: string, read: Reader): string {
  switch (read.as) {
    case "file":
      return `whole ${file}`;
    case "env":
      return `env_value ${file} ${read.key}`;
    case "scheme":
      return `env_value ${file} ${read.key}; scheme`;
    case "database":
      return `env_value ${file} ${read.key}; database`;
    case "yaml": {
      const [section = "", key = ""] = read.key.split(".");
      return `yaml_in ${file} ${section} ${key}`;
    }
    case "yaml-database":
      return `yaml_any ${file} ${read.key}; database`;
    case "loggers":
      return `loggers ${file}`;
  }
}

/**
 * What the script has printed: the value of each item, in their order.
 * @returns undefined when the host has no Harbor
 */
export function parseShared(items: readonly SharedItem[], printed: string): readonly SharedValue[] | undefined {
  const lines = printed.split("\n");
  if (lines.includes("absent")) return undefined;
  const found = new Map(
    lines.map((line) => {
      const [number = "", ...value] = line.split(" ");
      return [number, value.join(" ")] as const;
    }),
  );
  return items.map((_, index) => found.get(`${index}`));
}
