import * as z from "zod";
import type { EngineVersion, HarborVersion } from "../engine.js";
import { lineSchema } from "../names.js";

/** The release that hosts get of each version of Harbor. */
const PATCHES: Readonly<Record<HarborVersion, string>> = { "2.15": "2.15.2", "2.14": "2.14.4", "2.13": "2.13.5" };

/**
 * The full version of the release that belongs to a version of Harbor: 2.15 → 2.15.2.
 * @throws RangeError when the version is none of Harbor's, which the environment's schema refuses
 */
export function harborPatch(version: EngineVersion): string {
  const found = Object.entries(PATCHES).find(([name]) => name === version);
  if (found === undefined) throw new RangeError(`Harbor has no version ${version}`);
  return found[1];
}

/** Name of upstream's file with all images of a release. */
export function bundleName(patch: string): string {
  return `harbor-offline-installer-v${patch}.tgz`;
}

/** Where upstream has it. */
export function bundleUrl(patch: string): string {
  return `https://github.com/goharbor/harbor/releases/download/v${patch}/${bundleName(patch)}`;
}

/** Where the images of Harbor's release come from. */
export const harborReleaseSchema = z.strictObject({
  from: z.enum(["upstream", "bundle"]).default("upstream").meta({
    description:
      "upstream: Harbor's offline installer is downloaded from GitHub once and kept. bundle: it is the file named here.",
  }),
  file: lineSchema.optional().meta({
    description: "Path of the offline installer (harbor-offline-installer-v2.15.2.tgz), beside the environment file.",
  }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: "64 of 0-9 and a-f, as sha256sum shows them" })
    .optional()
    .meta({
      description:
        "Its sha256; another file is refused. Upstream publishes none, so whoever downloads from there takes it once from a file whose signature was verified.",
    }),
});

export type HarborRelease = z.output<typeof harborReleaseSchema>;
