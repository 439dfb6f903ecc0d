import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openStore, type SecretStore } from "../../secrets/store.js";

/** A person with a key of their own. */
export interface Operator {
  readonly identityFile: string;
  open(recipients?: readonly string[]): Promise<SecretStore>;
}

/** A folder with a store, for as long as a test runs. */
export class StoreFolder {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<StoreFolder> {
    const folder = await mkdtemp(join(tmpdir(), "secrets-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return new StoreFolder(folder);
  }

  get path(): string {
    return join(this.folder, "prod.secrets.age");
  }

  operator(name = "ops"): Operator {
    const identityFile = join(this.folder, name, "identity.txt");
    return { identityFile, open: (recipients = []) => openStore(this.path, { identityFile, recipients }) };
  }
}

/** The code of the Problem that a promise fails with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no problem",
    (error) => error.details?.code ?? `${error}`,
  );
}
