import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { BackupFacts } from "../../recovery/manifest.js";
import { BackupWriter, only } from "../../recovery/write-backup.js";
import { type Identity, makeIdentity } from "../../secrets/identity.js";

export const FACTS: BackupFacts = {
  id: "20261125T201500Z-3f9c2a",
  environment: "prod",
  at: "2026-11-25T20:15:00.000Z",
  by: "ops@laptop",
  program: "0.1.0",
  engine: { name: "harbor", version: "2.15" },
  storage: "https://bucket.s3.eu-central-1.amazonaws.com/",
  images: [],
  database: { schema: 180, server: "15.14", size: 9_000_000 },
  blobs: { count: 1, size: 17 },
};

/** A folder for as long as a test runs, with somebody's key. */
export class BackupFolder {
  readonly folder: string;
  readonly identity: Identity;

  private constructor(folder: string, identity: Identity) {
    this.folder = folder;
    this.identity = identity;
  }

  static async make(): Promise<BackupFolder> {
    const folder = await mkdtemp(join(tmpdir(), "backup-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return new BackupFolder(folder, await makeIdentity(join(folder, "identity.txt")));
  }

  path(name = "prod.backup"): string {
    return join(this.folder, name);
  }

  /** Writes a backup with these parts. */
  async write(parts: Readonly<Record<string, Uint8Array>>, facts = FACTS, name?: string): Promise<string> {
    const path = this.path(name);
    const writer = await BackupWriter.begin(path, { recipients: [this.identity.recipient], now: new Date(facts.at) });
    for (const [part, content] of Object.entries(parts)) await writer.add(part, only(content));
    await writer.end(facts);
    return path;
  }
}
