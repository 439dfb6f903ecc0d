import type { RestorePlan, StorageCheck } from "../operations/restore.js";
import type { UpgradePlan } from "../operations/upgrade.js";
import type { Manifest } from "../recovery/manifest.js";

/** Blobs that are named one by one; of more only the number is told. */
const SHOWN_BLOBS = 20;
const MINUTE = 60_000;

/** What a backup holds, in one line: "Harbor 2.15, schema 180, data base 12.3 MB, 1204 blobs of 33.1 GB". */
export function describeBackup({ engine, database, blobs, parts }: Manifest): string {
  const kept = parts.reduce((sum, { size }) => sum + size, 0);
  return [
    `${engine.name === "harbor" ? "Harbor" : "Distribution"} ${engine.version}`,
    ...(database === undefined ? [] : [`schema ${database.schema}`]),
    ...(blobs === undefined ? [] : [`${blobs.count} blobs of ${bytes(blobs.size)}`]),
    `${bytes(kept)} kept`,
  ].join(", ");
}

/** How old it is: "5 min", "3 h", "12 d". */
export function age(at: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - new Date(at).getTime()) / MINUTE));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 60 / 24)} d`;
}

/** What a restoring will do, line by line. */
export function describeRestore({ manifest, stage, kept, emptiesRedis }: RestorePlan): string[] {
  if (stage === "swapped") {
    return [
      `The data base of ${manifest.id} is in its place already; the nodes are brought back and its blobs are looked for.`,
      "To restore it once more, remove the data base from before with --forget first.",
    ];
  }
  return [
    `Harbor's data base goes back to ${manifest.at}: what was pushed, made or changed since then is no longer known.`,
    `  1  the backup is put into a data base beside the one in use${stage === "filled" ? " (done by an earlier run)" : ""}; Harbor goes on`,
    "  2  Harbor stops on all nodes: nobody can pull or push",
    emptiesRedis
      ? "  3  Redis is emptied (sessions, queued jobs), and the data bases exchange their names in one transaction"
      : "  3  the data bases exchange their names in one transaction; empty Harbor's Redis yourself now (FLUSHDB of its numbers)",
    "  4  the nodes come back one after the other, as the environment file says",
    "  5  every blob that the rows need is looked for in the storage",
    `The data base of today stays as ${kept}.`,
  ];
}

/** What came out when rows and blobs were compared. */
export function describeCheck({ storage, marked, needed, missing }: StorageCheck): string[] {
  if (needed === undefined || missing === undefined) {
    return ["Blobs were not compared: no requests to this kind of storage are signed here."];
  }
  const foreign =
    marked === false ? [`${storage} does not tell of this backup: it is another storage, or was emptied since.`] : [];
  if (missing.length === 0)
    return [...foreign, `All ${needed.count} blobs that the data base needs are in ${storage}.`];
  const rest = missing.length - SHOWN_BLOBS;
  return [
    ...foreign,
    `${missing.length} of ${needed.count} blobs that the data base needs are not in ${storage}, or not whole:`,
    ...missing.slice(0, SHOWN_BLOBS).map(({ digest, size }) => `  ${digest}  ${bytes(size)}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    "Images that need them cannot be pulled until they are pushed again.",
  ];
}

/** What an upgrade does besides rolling over the nodes. */
export function describeUpgrade({ from, to, migrates }: UpgradePlan): string[] {
  if (from === to) return [`The version is ${to} already; what is left to do is done.`];
  if (!migrates) return [`${from} → ${to}, one node after the other.`];
  return [
    `Harbor ${from} → ${to}: the schema of its data base changes, and no older core works on it.`,
    "  1  a backup is made; Harbor goes on",
    "  2  Harbor stops on all nodes: nobody can pull or push until the first is back",
    "  3  the first node migrates the data base and comes back, then the others, one by one",
  ];
}

/** How to go back from an upgrade. */
export function describeWayBack(environment: string, file: string): string {
  return `The backup is ${file}. To go back: put the old environment file in its place, then harborwright restore ${environment} --from ${file}`;
}

function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, count < 1000 ? 0 : Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
