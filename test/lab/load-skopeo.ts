import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { digestOf } from "../../operations/registry-client.js";
import type { SampleImage } from "../../operations/sample-image.js";
import { NEEDS, provide } from "../../supply/machine.js";
import { silentProgress } from "../../supply/progress.js";
import { writeLayout } from "./load-image.js";
import { assertOwnMachine, type LoadTarget } from "./load-target.js";

/** Milliseconds after which a copy is given up; the front itself waits 300 s for an upload. */
const PATIENCE = 330_000;

/** The client that people use: skopeo, with the retries it has on in practice. */
export class Skopeo {
  readonly #folder: string;
  readonly #at: string;
  readonly #retries: number;

  private constructor(folder: string, at: string, retries: number) {
    this.#folder = folder;
    this.#at = at;
    this.#retries = retries;
  }

  /**
   * @param folder - where its password file, its CA and the images lie; the caller removes it
   * @param retries - `--retry-times`
   */
  static async at(target: LoadTarget, folder: string, retries: number): Promise<Skopeo> {
    assertOwnMachine(target.address);
    await provide([NEEDS.skopeo], silentProgress);
    const at = target.port === 443 ? target.address : `${target.address}:${target.port}`;
    const { username, password } = target.credentials;
    const auth = Buffer.from(`${username}:${password.reveal()}`).toString("base64");
    await mkdir(join(folder, "certs"), { recursive: true });
    await writeFile(join(folder, "auth.json"), JSON.stringify({ auths: { [at]: { auth } } }), { mode: 0o600 });
    await writeFile(join(folder, "certs", "ca.crt"), target.ca);
    return new Skopeo(folder, at, retries);
  }

  /** @throws Error with skopeo's last words */
  async push(image: SampleImage, reference: string): Promise<void> {
    const layout = join(this.#folder, `push-${image.manifest.digest.slice(7, 23)}`);
    try {
      await writeLayout(layout, image);
      await this.#copy(
        ["--dest-cert-dir", join(this.#folder, "certs")],
        `oci:${layout}:image`,
        this.#remote(reference),
      );
    } finally {
      await rm(layout, { recursive: true, force: true });
    }
  }

  /**
   * @param name - a name of its own among the copies that run at the same time
   * @returns the digest of the manifest that came; skopeo has checked those of the layers
   * @throws Error with skopeo's last words
   */
  async pull(reference: string, name: string): Promise<string> {
    const copy = join(this.#folder, `pull-${name}`);
    try {
      await this.#copy(["--src-cert-dir", join(this.#folder, "certs")], this.#remote(reference), `dir:${copy}`);
      return digestOf(await readFile(join(copy, "manifest.json")));
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  }

  #remote(reference: string): string {
    return `docker://${this.#at}/${reference}`;
  }

  async #copy(options: readonly string[], from: string, to: string): Promise<void> {
    const common = ["--quiet", "--retry-times", `${this.#retries}`, "--authfile", join(this.#folder, "auth.json")];
    const run = $({
      quiet: true,
      nothrow: true,
      timeout: PATIENCE,
      // A proxy of this machine must not stand between the load and the hosts.
      env: { ...process.env, NO_PROXY: "*", no_proxy: "*" },
    });
    const copied = await run`skopeo --insecure-policy copy ${common} ${options} ${from} ${to}`;
    if (copied.exitCode === 0) return;
    const words = copied.stderr.trim().split("\n").slice(-3).join(" ");
    throw new Error(copied.exitCode === null ? `killed after ${PATIENCE} ms: ${words}` : words);
  }
}
