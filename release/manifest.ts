import * as z from "zod";
import { Problem } from "../spec/problem.js";
import { sha256, UNITS } from "./digest.js";
import { HARBOR_IMAGES } from "./harbor-images.js";
import type { Release } from "./release.js";

const unitSchema = z.enum(UNITS);
const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.strictObject({
  /** Version of this format. */
  format: z.literal(1),
  node: z.string(),
  digest: digestSchema,
  files: z.array(
    z.strictObject({
      path: z.string().startsWith("/"),
      mode: z.int(),
      owner: z.int(),
      group: z.int(),
      sha256: digestSchema,
      sensitive: z.boolean(),
      unit: unitSchema,
    }),
  ),
  images: z.array(
    z.strictObject({
      name: z.enum(["registry", "nginx", "haproxy", ...HARBOR_IMAGES]),
      version: z.string(),
      reference: z.string(),
    }),
  ),
  units: z.record(unitSchema, digestSchema),
});

/** `release.json` beside the files of a release on its host: what the release is, without the contents. */
export type ReleaseManifest = z.output<typeof manifestSchema>;

/** The canonical text of `release.json`: the same release gives the same bytes. */
export function releaseManifest(release: Release): string {
  const manifest: ReleaseManifest = {
    format: 1,
    node: release.node,
    digest: release.digest,
    files: release.files.map((file) => ({
      path: file.path,
      mode: file.mode,
      owner: file.owner,
      group: file.group,
      sha256: sha256(file.content),
      sensitive: file.sensitive,
      unit: file.unit,
    })),
    images: release.images.map(({ name, version, reference }) => ({ name, version, reference })),
    units: { ...release.units },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * Reads a `release.json` back.
 * @throws Problem `release/unreadable-manifest` when it is not what `releaseManifest` writes
 */
export function parseReleaseManifest(text: string): ReleaseManifest {
  const parsed = manifestSchema.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unreadable(issue === undefined ? "it has another form" : `${issue.path.join(".")}: ${issue.message}`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable("it is not JSON");
  }
}

function unreadable(why: string): Problem {
  return new Problem({
    code: "release/unreadable-manifest",
    says: `the release.json of a release on the host cannot be read: ${why}`,
    instead: "remove that release's folder below /opt/harborwright/releases and run `harborwright up` again",
  });
}
