import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project itself, where `environments/` and `templates/` lie. */
export const PROJECT = projectFolder();

/** The sources run from `<project>/operations`, the built program from `<project>/dist/operations`. */
function projectFolder(): string {
  const parent = dirname(dirname(fileURLToPath(import.meta.url)));
  return basename(parent) === "dist" ? dirname(parent) : parent;
}
