import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { HARBOR_PATHS, HARBOR_USER } from "../../release/harbor-layout.js";
import type { Release } from "../../release/release.js";
import { fileAt } from "../release/example.js";
import { type HarborKeys, harborKeys } from "../release/harbor-keys.js";
import { type Verdict, verdict } from "./consumers.js";
import { newFolder } from "./placed.js";

/** A folder that stands for a host with Harbor's files and the folder of its installer. */
export class HarborHost {
  readonly root: string;
  /** Folder of the installer. */
  readonly installer: string;
  /** data_volume. */
  readonly data: string;
  readonly #asked: HarborKeys;

  private constructor(root: string, asked: HarborKeys) {
    this.root = root;
    this.installer = join(root, "opt/harbor");
    this.data = join(root, "data");
    this.#asked = asked;
  }

  static async make(release: Release): Promise<HarborHost> {
    const root = await newFolder("harbor");
    for (const file of release.files) {
      await mkdir(dirname(join(root, file.path)), { recursive: true });
      await writeFile(join(root, file.path), file.content, { mode: file.mode });
    }
    const text = fileAt(release, HARBOR_PATHS.config).content;
    return new HarborHost(root, harborKeys["2.15"].parse(parse(text, { version: "1.1" })));
  }

  at(path: string): string {
    return join(this.root, path);
  }

  config(path: string): string {
    return join(this.installer, "common/config", path);
  }

  text(path: string): Promise<string> {
    return readFile(this.at(path), "utf8");
  }

  seed(step: "before" | "after"): Promise<Verdict> {
    return verdict(["sh", this.at(HARBOR_PATHS.seed), step, this.installer, this.data]);
  }

  check(): Promise<Verdict> {
    return verdict(["sh", this.at(HARBOR_PATHS.check), this.installer, this.data]);
  }

  /**
   * Makes what Harbor's `prepare` makes, as far as seeds and the check go: it deletes what was there, draws five
   * secrets anew, writes values without quotes, and keeps the seeds that it finds.
   */
  async prepare(): Promise<void> {
    await rm(join(this.installer, "common"), { recursive: true, force: true });
    await this.#writeEnvironments();
    await this.#write("registry/config.yml", this.#registryConfig(), 0o640, HARBOR_USER);
    await this.#write("registry/passwd", `harbor_registry_user:$2y$05$${drawn(22)}\n`, 0o644, 0);
    for (const name of ["jobservice", "registryctl"]) await this.#write(`${name}/config.yml`, "protocol: http\n");
    await mkdir(this.config("shared/trust-certificates"), { recursive: true });
    const services = ["core", "jobservice", "registry", ...(this.#asked.trivy ? ["trivy-adapter"] : [])];
    const compose = services.map((name) => `  ${name}:\n    image: goharbor/${name}\n`).join("");
    await writeFile(join(this.installer, "docker-compose.yml"), `services:\n${compose}`);
    await this.#keep("keys/secretkey", drawn(16));
    await this.#keep("core/private_key.pem", drawn(64));
    await this.#keep("registry/root.crt", drawn(64));
  }

  async #writeEnvironments(): Promise<void> {
    const { external_database, external_url, trivy } = this.#asked;
    const shared = { CORE_SECRET: drawn(16), JOBSERVICE_SECRET: drawn(16) };
    const registry = { REGISTRY_CREDENTIAL_USERNAME: "harbor_registry_user", REGISTRY_CREDENTIAL_PASSWORD: drawn(32) };
    const noProxy = () => ({ NO_PROXY: shuffled(["core", ".local", "registry", "127.0.0.1", "10.0.0.0/8"]).join(",") });
    await this.#writeEnv("core", {
      EXT_ENDPOINT: external_url,
      POSTGRESQL_HOST: external_database.harbor.host,
      POSTGRESQL_PASSWORD: external_database.harbor.password,
      ...shared,
      ...registry,
      CSRF_KEY: drawn(32),
      ROBOT_SCANNER_NAME_PREFIX: drawn(8),
      ...noProxy(),
    });
    await this.#writeEnv("jobservice", { ...shared, ...noProxy(), ...registry });
    await this.#writeEnv("registryctl", shared);
    if (trivy) await this.#writeEnv("trivy-adapter", { SCANNER_LOG_LEVEL: "info", ...noProxy() });
  }

  #writeEnv(name: string, values: Readonly<Record<string, string>>): Promise<void> {
    const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
    return this.#write(`${name}/env`, lines.join(""));
  }

  #registryConfig(): string {
    const { ca_bundle: _, redirect, ...drivers } = this.#asked.storage_service;
    const [[driver, parameters] = ["", undefined]] = Object.entries(drivers);
    const { host, password = "" } = this.#asked.external_redis;
    // As Python writes a boolean.
    const written = (value: unknown) => (value === false ? "False" : String(value));
    return [
      "version: 0.1",
      "storage:",
      `  ${driver}:`,
      ...Object.entries(parameters ?? {}).map(([key, value]) => `    ${key}: ${written(value)}`),
      ...(redirect.disable ? ["  redirect:", "    disable: true"] : []),
      "redis:",
      `  addr: ${host}`,
      `  password: ${password}`,
      "http:",
      "  addr: :5000",
      "  secret: placeholder",
      "",
    ].join("\n");
  }

  async #write(path: string, text: string, mode = 0o640, owner = 0): Promise<void> {
    await mkdir(dirname(this.config(path)), { recursive: true });
    await writeFile(this.config(path), text);
    await chmod(this.config(path), mode);
    await chown(this.config(path), owner, owner);
  }

  async #keep(path: string, otherwise: string): Promise<void> {
    const at = join(this.data, "secret", path);
    const kept = await readFile(at, "utf8").catch(() => undefined);
    if (kept !== undefined) return;
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, otherwise, { mode: 0o600 });
    await chown(at, HARBOR_USER, HARBOR_USER);
  }

  /** Every file that seeding and `prepare` have made, by its path below the host. */
  async tree(): Promise<Readonly<Record<string, string>>> {
    const folders = [join(this.installer), join(this.data)];
    const listed = await Promise.all(
      folders.map(async (folder) => {
        const entries = await readdir(folder, { recursive: true, withFileTypes: true });
        return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      }),
    );
    const paths = listed.flat().sort();
    const texts = await Promise.all(paths.map((path) => readFile(path, "utf8")));
    return Object.fromEntries(paths.map((path, index) => [path.slice(this.root.length), texts[index] ?? ""]));
  }
}

function drawn(length: number): string {
  return randomBytes(length).toString("hex").slice(0, length);
}

function shuffled(names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, at: randomBytes(4).readUInt32BE() }))
    .sort((one, other) => one.at - other.at)
    .map(({ name }) => name);
}
