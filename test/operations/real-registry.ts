import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { stringify } from "yaml";
import { RegistryClient } from "../../operations/registry-client.js";
import { makeAuthority } from "../../secrets/certificate-authority.js";
import { issueServerCertificate } from "../../secrets/server-certificate.js";
import { Secret } from "../../spec/secret.js";
import { goTool } from "../../supply/go-tool.js";
import { silentProgress } from "../../supply/progress.js";
import type { LoadTarget } from "../lab/load-target.js";

/** What of a registry's configuration a test may choose. */
export interface RegistrySettings {
  /** @default true */
  readonly delete?: boolean;
  /** @default false */
  readonly readOnly?: boolean;
  /** Signs the state of uploads. @default - the same for all */
  readonly httpSecret?: string;
  /** Driver and its parameters. @default - a folder that all of them share */
  readonly storage?: Readonly<Record<string, object>>;
}

/** An account of all of them. The hash of the password has the lowest cost there is: it is no secret. */
const ACCOUNT = { username: "operator", password: new Secret("correct horse") };
const HTPASSWD = "operator:$2b$04$mn/tN3RBGRkIkCvYiI60vu8pQ.LGrF2mWXmfKSNXmSrHGQujMClJ2\n";

/** Several registries over one folder, each with TLS on a port of its own of 127.0.0.1: what nodes are in a cluster. */
export class RealRegistries {
  readonly hostname = "registry.test";
  readonly folder: string;
  readonly targets: LoadTarget[] = [];
  readonly #children: ChildProcess[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param htpasswd - lines of the password file; without them there is the account of the targets */
  static async start(settings: readonly RegistrySettings[], htpasswd = HTPASSWD): Promise<RealRegistries> {
    const registries = new RealRegistries(await mkdtemp(join(tmpdir(), "registries-")));
    try {
      await registries.#startAll(settings, htpasswd);
      return registries;
    } catch (error) {
      await registries.stop();
      throw error;
    }
  }

  /** Ends one at once, as a crash would. */
  async kill(index: number): Promise<void> {
    const child = this.#children[index];
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Makes one hang: it accepts connections and says nothing until it is thawed. */
  freeze(index: number): void {
    this.#children[index]?.kill("SIGSTOP");
  }

  thaw(index: number): void {
    this.#children[index]?.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((_, index) => this.kill(index)));
    await rm(this.folder, { recursive: true, force: true });
  }

  async #startAll(settings: readonly RegistrySettings[], htpasswd: string): Promise<void> {
    const now = new Date();
    const authority = await makeAuthority("test", now);
    const server = await issueServerCertificate(authority, [this.hostname, "127.0.0.1"], "1d", now);
    await mkdir(join(this.folder, "storage"));
    await writeFile(join(this.folder, "server.crt"), server.certificate);
    await writeFile(join(this.folder, "server.key"), server.key.reveal(), { mode: 0o600 });
    await writeFile(join(this.folder, "htpasswd"), htpasswd);
    const binary = await goTool("registry", silentProgress);
    for (const [index, setting] of settings.entries()) {
      const port = await freePort();
      const file = join(this.folder, `config-${index}.yml`);
      await writeFile(file, stringify(this.#configuration(port, setting)));
      this.#children.push(spawn(binary, ["serve", file], { env: { OTEL_TRACES_EXPORTER: "none" }, stdio: "ignore" }));
      const at = { hostname: this.hostname, address: "127.0.0.1", port };
      this.targets.push({ ...at, ca: authority.certificate, credentials: ACCOUNT });
    }
    await Promise.all(this.targets.map(untilItAnswers));
  }

  #configuration(port: number, settings: RegistrySettings) {
    const { delete: enabled = true, readOnly = false, httpSecret = "one", storage } = settings;
    return {
      version: "0.1",
      log: { level: "error" },
      storage: {
        ...(storage ?? { filesystem: { rootdirectory: join(this.folder, "storage") } }),
        delete: { enabled },
        maintenance: { readonly: { enabled: readOnly } },
      },
      auth: { htpasswd: { realm: "test", path: join(this.folder, "htpasswd") } },
      http: {
        addr: `127.0.0.1:${port}`,
        secret: httpSecret,
        relativeurls: true,
        tls: { certificate: join(this.folder, "server.crt"), key: join(this.folder, "server.key") },
      },
    };
  }
}

/** Waits until a registry answers, whatever it says about accounts. */
async function untilItAnswers({ credentials: _, ...anonymous }: LoadTarget): Promise<void> {
  const client = new RegistryClient(anonymous);
  const until = Date.now() + 20_000;
  for (;;) {
    try {
      await client.ping();
      return client.close();
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(50);
    }
  }
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  return address.port;
}
