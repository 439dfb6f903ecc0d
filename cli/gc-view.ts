import type { Collection } from "../harbor/garbage.js";
import { printLine } from "./print.js";

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** What a collection has brought, in a line. */
export function describeCollection({ freed, blobs, manifests }: Collection, dryRun: boolean): void {
  const what = `${size(freed)}: ${blobs} layer${blobs === 1 ? "" : "s"} and ${manifests} manifest${manifests === 1 ? "" : "s"}`;
  // Harbor leaves alone what came or was used in the last two hours, so that no push loses a layer to it.
  if (blobs === 0 && manifests === 0) printLine("there is nothing that no image has needed for two hours.");
  else printLine(dryRun ? `${what} could be deleted.` : `${what} are deleted.`);
}

/** Bytes as a person reads them: 1.5 GiB. */
export function size(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}
