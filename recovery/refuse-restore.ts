import type { Engine } from "../spec/engine.js";
import { Problem } from "../spec/problem.js";
import { compareVersions } from "../spec/upgrade.js";
import type { Manifest } from "./manifest.js";

/** What a backup would be restored into. */
export interface Destination {
  readonly environment: string;
  readonly engine: Engine;
  /** Version of the engine, as the environment file names it. */
  readonly version: string;
}

/**
 * Refuses a backup that does not belong here, as far as it tells of itself.
 * @param file - of the backup, for messages
 * @throws Problem `restore/foreign`, `restore/other-engine`, `restore/no-database`, `restore/older-version`,
 * `restore/newer-version`
 */
export function refuseForeign(manifest: Manifest, destination: Destination, file: string): void {
  const { engine } = manifest;
  if (manifest.environment !== destination.environment) {
    throw new Problem({
      code: "restore/foreign",
      says: `${file} is a backup of ${manifest.environment}, not of ${destination.environment}`,
      instead: "nothing was changed; `harborwright backups` lists those of this environment",
    });
  }
  if (engine.name !== destination.engine) {
    throw new Problem({
      code: "restore/other-engine",
      says: `${file} is of ${engine.name}, and the environment runs ${destination.engine}`,
      instead: "nothing was changed; restore it into the environment file that is in it",
      field: "registry.engine",
    });
  }
  if (manifest.database === undefined) {
    throw new Problem({
      code: "restore/no-database",
      says: `${file} holds no data base: ${engine.name} keeps everything in its storage`,
      instead: "its environment file and its secrets are put back by hand: tar --extract --file, then age --decrypt",
    });
  }
  const order = compareVersions(engine.version, destination.version);
  if (order !== 0) throw otherVersion(manifest, destination, file, order < 0);
}

function otherVersion({ engine }: Manifest, { version }: Destination, file: string, older: boolean): Problem {
  return new Problem({
    code: older ? "restore/older-version" : "restore/newer-version",
    says: `${file} is of Harbor ${engine.version}, and the environment file says ${version}`,
    instead: older
      ? `to go back, put the environment file from before the upgrade in its place (registry.version: "${engine.version}") and give the same command again: it brings the nodes back to it, too`
      : `upgrade first, or write registry.version: "${engine.version}"; nothing was changed`,
    field: "registry.version",
  });
}

/**
 * Refuses a data base whose passwords cannot be read afterwards.
 * @param kept - whether the key that encrypts passwords in the data base is the one of the backup
 * @throws Problem `restore/other-secret-key`
 */
export function refuseOtherKey(kept: boolean, secretsFile: string, file: string): void {
  if (kept) return;
  throw new Problem({
    code: "restore/other-secret-key",
    says: `${secretsFile} has another harbor/secret-key than ${file}: the passwords in its data base could not be read`,
    instead: `put the secrets of the backup in their place, then give the same command again: tar --extract --to-stdout --file ${file} secrets.age > ${secretsFile}; nothing was changed`,
  });
}
