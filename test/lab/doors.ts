import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { connect } from "../../hosts/connect.js";
import { type Gate, openGate } from "../../hosts/gate.js";
import type { Host } from "../../hosts/host.js";
import { type Lab, openLab } from "../../lab/lab.js";
import { environmentSchema } from "../../spec/environment.js";
import { type Node, plannedInventory } from "../../spec/inventory.js";
import { Secret } from "../../spec/secret.js";
import { provideEngine } from "../../supply/engine.js";
import { silentProgress } from "../../supply/progress.js";

const OPERATOR = fileURLToPath(new URL("operator-program.ts", import.meta.url));
const KEYS = { accessKey: new Secret("ACCESS-OF-DOORS"), secretKey: new Secret("secret-of-doors-0123456789") };

/** Two bare hosts that are reached over SSH, and operators who work on them. */
export class Doors {
  readonly lab: Lab;
  readonly nodes: readonly Node[];
  readonly knownHosts: string;
  readonly #folder: string;
  readonly #opened: Host[] = [];
  readonly #operators: Operator[] = [];

  private constructor(folder: string, lab: Lab, nodes: readonly Node[]) {
    this.#folder = folder;
    this.lab = lab;
    this.nodes = nodes;
    this.knownHosts = join(folder, "known_hosts");
  }

  /** @param block - 198.18.<block>.0/24 is their network; each test file has its own */
  static async make(name: string, block: number): Promise<Doors> {
    const folder = await mkdtemp(join(tmpdir(), `harborwright-${name}-`));
    const environment = environmentSchema.parse({
      environment: name,
      registry: { hostname: `registry.${name}` },
      sites: [
        {
          name: "here",
          provider: "local",
          nodes: { count: 2, memory: "512MiB" },
          network: { cidr: `198.18.${block}.0/24` },
        },
      ],
    });
    const { sites } = plannedInventory(environment, { identity: join(folder, "lab_ed25519") });
    await provideEngine(silentProgress);
    const lab = openLab(environment, folder);
    await lab.up(KEYS, silentProgress);
    return new Doors(
      folder,
      lab,
      sites.flatMap((site) => site.nodes),
    );
  }

  node(number: number): Node {
    const node = this.nodes[number - 1];
    if (node === undefined) throw new RangeError(`there is no node ${number}`);
    return node;
  }

  /** A way to a host that nobody else uses. */
  open(number: number, gate: Gate = openGate(), knownHosts = this.knownHosts): Host {
    const host = connect(this.node(number), { knownHosts, gate });
    this.#opened.push(host);
    return host;
  }

  /** Starts an operator in a process of its own who takes the lock of some hosts. */
  async operator(name: string, numbers: readonly number[]): Promise<Operator> {
    const nodes = numbers.map((number) => this.node(number));
    const operator = new Operator(JSON.stringify({ nodes, knownHosts: this.knownHosts, name }));
    this.#operators.push(operator);
    return operator;
  }

  async remove(): Promise<void> {
    for (const operator of this.#operators) operator.kill("SIGKILL");
    await Promise.all(this.#opened.map((host) => host.close()));
    await this.lab.down({ deleteData: true }, silentProgress);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** An operator that can be killed, stopped and woken. */
export class Operator {
  readonly #program: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  constructor(argument: string) {
    this.#program = spawn(process.execPath, ["--import", "tsx", OPERATOR, argument], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#answers = createInterface({ input: this.#program.stdout })[Symbol.asyncIterator]();
  }

  /** What came of the next thing it did: "done", or the code of a problem. */
  async answer(): Promise<string> {
    const { value, done } = await this.#answers.next();
    return done ? "ended" : value;
  }

  /** Has it do a change, which must be one line. */
  begin(script: string): void {
    this.#program.stdin.write(`${script}\n`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#program.kill(signal);
  }

  /** Lets it end its work and waits until it is gone. */
  async leave(): Promise<void> {
    this.#program.stdin.end();
    await once(this.#program, "exit");
  }
}
