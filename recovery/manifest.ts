import * as z from "zod";
import { ENGINE_VERSIONS, type Engine } from "../spec/engine.js";
import { parsedJson } from "../spec/parsed-json.js";
import { Problem } from "../spec/problem.js";

/** Form of the backups that this version writes, and the newest that it reads. */
export const FORMAT = 1;

/** Names of the parts that backups have. */
export const PART = {
  /** The environment file as it was. */
  environment: "environment.yaml.age",
  /** The secret store, as it lay beside the file. */
  secrets: "secrets.age",
  /** What `pg_dump --format custom` makes of the data base. */
  database: "database.dump.age",
  /** A line `sha256:… size` for each blob that the data base needs, sorted. */
  blobs: "blobs.txt.age",
} as const;

const ENGINES = Object.keys(ENGINE_VERSIONS) as [Engine, ...Engine[]];
const size = z.int().min(0);

const partSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9.-]*$/),
  /** Bytes as they lie in the backup. */
  size,
  /** Of these bytes, in hex: what anybody can check without a key. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * What a backup tells of itself in clear. Nothing of it is secret. Parts and facts may be added within a format: whoever
 * knows an older form passes over them.
 */
const manifestSchema = z.object({
  format: z.literal(FORMAT),
  /** 20261125T201500Z-3f9c2a */
  id: z.string().regex(/^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}$/),
  environment: z.string(),
  /** When it was begun: everything that was there then is in it. */
  at: z.iso.datetime(),
  /** user@machine */
  by: z.string(),
  /** Version of harborwright that made it. */
  program: z.string(),
  engine: z.object({ name: z.enum(ENGINES), version: z.string() }),
  /** Where the images lie, in words. They are no part of a backup. */
  storage: z.string(),
  images: z.array(z.object({ name: z.string(), reference: z.string() })),
  /** The data base. @default - the engine has none */
  database: z
    .object({
      /** Number of the last migration: 180. */
      schema: z.int().min(1),
      /** Version of PostgreSQL: 15.14. */
      server: z.string(),
      /** Bytes on the server's disk. */
      size,
    })
    .optional(),
  /** Blobs that the data base needs in the storage. */
  blobs: z.object({ count: z.int().min(0), size }).optional(),
  /** Public keys of those who can open it, its maker first. */
  recipients: z.array(z.string()),
  parts: z.array(partSchema),
});

export type Manifest = z.output<typeof manifestSchema>;
export type Part = Manifest["parts"][number];
/** What is told of a backup besides its parts. */
export type BackupFacts = Omit<Manifest, "format" | "parts" | "recipients">;

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * Reads a manifest.
 * @param file - path of the backup, for messages
 * @throws Problem `backup/newer-format`, `backup/damaged`
 */
export function readManifest(text: string, file: string): Manifest {
  const json = parsedJson(text);
  const format = z.object({ format: z.int() }).safeParse(json);
  if (format.success && format.data.format > FORMAT) throw newerFormat(format.data.format, file);
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) throw damaged(file, "what it tells of itself cannot be read");
  return parsed.data;
}

/** The answer to a backup that is not as it was written. */
export function damaged(file: string, how: string): Problem {
  return new Problem({
    code: "backup/damaged",
    says: `${file} is damaged: ${how}`,
    instead: "nothing was changed; take another copy of it, or another backup",
  });
}

function newerFormat(format: number, file: string): Problem {
  return new Problem({
    code: "backup/newer-format",
    says: `${file} has format ${format}, written by a newer harborwright`,
    instead: `this one reads format ${FORMAT}: update it; nothing was changed`,
  });
}
