import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { $ } from "zx";
import { type Lab, openLab } from "../../lab/lab.js";
import type { LabCredentials } from "../../lab/services.js";
import { type Environment, environmentSchema } from "../../spec/environment.js";
import { Secret } from "../../spec/secret.js";
import { silentProgress } from "../../supply/progress.js";

/** Runs a program and says how it ended. */
export const quiet = $({ quiet: true, nothrow: true });

/** The hosts of every lab here, as `status` orders them. */
export const HOSTS = ["node-1", "node-2", "services"] as const;

/** Keys with every character that a shell or systemd could read as its own. */
export const CREDENTIALS: LabCredentials = {
  accessKey: new Secret("access"),
  secretKey: new Secret(`odd"$HOME\\\`'%h key`),
};

/** A lab of two nodes with an SSH key, a network and a folder of its own. */
export class LabUnderTest {
  readonly environment: Environment;
  readonly state: string;
  readonly lab: Lab;
  readonly #folder: string;
  readonly #block: number;

  private constructor(environment: Environment, folder: string, block: number) {
    this.environment = environment;
    this.#folder = folder;
    this.#block = block;
    this.state = join(folder, "state");
    this.lab = openLab(environment, this.state);
  }

  /**
   * A lab of which nothing is there, also when an earlier run was killed.
   * @param block - second-last number of its network; each test file has its own
   * @param site - what its site has besides
   */
  static async make(name: string, block: number, site: object = {}): Promise<LabUnderTest> {
    const folder = await mkdtemp(join(tmpdir(), `${name}-`));
    const made = new LabUnderTest(environmentOf(name, `198.18.${block}.0/24`, site), folder, block);
    await made.lab.down({ deleteData: true }, silentProgress);
    return made;
  }

  up(credentials = CREDENTIALS): Promise<void> {
    return this.lab.up(credentials, silentProgress);
  }

  async remove(): Promise<void> {
    await this.lab.down({ deleteData: true }, silentProgress);
    await rm(this.#folder, { recursive: true, force: true });
  }

  address(host: string): string {
    const places: Readonly<Record<string, number>> = { services: 10, "node-1": 11, "node-2": 12 };
    return `198.18.${this.#block}.${places[host]}`;
  }

  container(host: string): string {
    return `hw-${this.environment.environment}-${host}`;
  }

  async states(): Promise<string[]> {
    return (await this.lab.status()).map((host) => host.state);
  }

  async stateOf(host: string): Promise<string | undefined> {
    return (await this.lab.status()).find(({ name }) => name === host)?.state;
  }

  /** What OpenSSH says when it takes no other host key than the pinned one. */
  ssh(host: string, command: string) {
    const settings = {
      BatchMode: "yes",
      StrictHostKeyChecking: "yes",
      UserKnownHostsFile: join(this.state, "known_hosts"),
      HostKeyAlias: `${host}.here`,
      ConnectTimeout: "1",
      ServerAliveInterval: "1",
      IdentitiesOnly: "yes",
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    return quiet`ssh ${options} -i ${join(this.state, "lab_ed25519")} root@${this.address(host)} ${command}`.timeout(
      10_000,
    );
  }

  /** What the engine has of this environment. */
  async objects(kind: "container" | "volume" | "network"): Promise<string[]> {
    const all = kind === "container" ? ["--all"] : [];
    const label = `label=harborwright.environment=${this.environment.environment}`;
    const listed = await quiet`docker ${kind} ls ${all} --quiet --filter ${label}`;
    return listed.stdout.split("\n").filter((line) => line !== "");
  }

  /** A signed request for an object of the lab's storage. Status 0: nothing answered within 2 s. */
  async s3(method: "GET" | "PUT", key: string, body = "", credentials = CREDENTIALS) {
    const request = await this.#signed(method, key, body, credentials);
    try {
      const answer = await fetch(`http://${request.hostname}:7070${request.path}`, {
        method,
        headers: request.headers,
        signal: AbortSignal.timeout(2_000),
        ...(method === "PUT" ? { body } : {}),
      });
      return { status: answer.status, body: await answer.text() };
    } catch {
      return { status: 0, body: "" };
    }
  }

  async #signed(method: string, key: string, body: string, { accessKey, secretKey }: LabCredentials) {
    const credentials = { accessKeyId: accessKey.reveal(), secretAccessKey: secretKey.reveal() };
    const signer = new SignatureV4({ service: "s3", region: "us-east-1", sha256: Sha256, credentials });
    const hostname = this.address("services");
    const sha256 = new Sha256();
    sha256.update(body);
    const digest = Buffer.from(await sha256.digest()).toString("hex");
    const headers = { host: `${hostname}:7070`, "x-amz-content-sha256": digest };
    return signer.sign({ method, protocol: "http:", hostname, path: `/registry/${key}`, headers, query: {}, body });
  }
}

/** An environment with a lab of two small nodes. */
export function environmentOf(name: string, cidr: string, site: object = {}): Environment {
  return environmentSchema.parse({
    environment: name,
    registry: { hostname: "registry.test" },
    sites: [{ name: "here", provider: "local", nodes: { count: 2, memory: "512MiB" }, network: { cidr }, ...site }],
  });
}

/**
 * Waits until something is so.
 * @returns the milliseconds it took
 */
export async function until(what: string, condition: () => Promise<boolean>, within = 30_000): Promise<number> {
  const started = performance.now();
  while (!(await condition())) {
    if (performance.now() - started > within) throw new Error(`not within ${within} ms: ${what}`);
    await after(20);
  }
  return performance.now() - started;
}
