import { existsSync, renameSync, rmSync } from "node:fs";

/**
 * Puts a folder in the place of an older one at once, so that another command that starts meanwhile sees the old one or
 * the new one.
 */
export function exchange(partial, folder) {
  const old = `${partial}-old`;
  if (existsSync(folder)) renameSync(folder, old);
  try {
    renameSync(partial, folder);
  } catch (error) {
    // Another command has made the same in this moment.
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    rmSync(partial, { recursive: true });
  }
  rmSync(old, { recursive: true, force: true });
}
