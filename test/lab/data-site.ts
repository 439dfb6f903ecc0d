import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type DataCluster, dataCluster } from "../../dataservices/cluster.js";
import { type DataServicesHealth, dataServicesHealth } from "../../dataservices/health.js";
import { installDataPackages } from "../../dataservices/packages.js";
import { connect } from "../../hosts/connect.js";
import { type Gate, openGate } from "../../hosts/gate.js";
import type { Host } from "../../hosts/host.js";
import { docker, inside } from "../../lab/docker.js";
import { type Lab, openLab } from "../../lab/lab.js";
import { type DataServicesContext, HARBOR_DATABASE } from "../../release/data-context.js";
import { environmentSchema } from "../../spec/environment.js";
import { localContainer, type Node, plannedInventory } from "../../spec/inventory.js";
import { provideEngine } from "../../supply/engine.js";
import { silentProgress } from "../../supply/progress.js";
import { contextOf, type WrittenContext, type WrittenDown, writtenContext } from "./written-context.js";

const WRITER = fileURLToPath(new URL("data-writer.py", import.meta.url));
const OPERATOR = fileURLToPath(new URL("data-operator.ts", import.meta.url));

/** What a writer has been told is kept, and when. */
export interface Acknowledged {
  readonly number: number;
  /** Seconds since 1970. */
  readonly at: number;
}

export const KINDS = ["database", "redis"] as const;
export type Kind = (typeof KINDS)[number];

/** Three bare hosts for data base and Redis, and writers on each of them. */
export class DataSite {
  readonly environment: string;
  readonly lab: Lab;
  readonly nodes: readonly Node[];
  readonly #folder: string;
  readonly #written: WrittenContext;
  readonly #opened: Host[] = [];

  private constructor(environment: string, folder: string, lab: Lab, nodes: readonly Node[], written: WrittenContext) {
    this.environment = environment;
    this.#folder = folder;
    this.lab = lab;
    this.nodes = nodes;
    this.#written = written;
  }

  /** @param block - 198.18.<block>.0/24 is their network; each test file has its own */
  static async make(environment: string, block: number, folder: string): Promise<DataSite> {
    const file = environmentSchema.parse({
      environment,
      registry: {
        hostname: `registry.${environment}`,
        storage: { kind: "s3", bucket: "elsewhere", region: "us-east-1" },
      },
      sites: [
        {
          name: "here",
          provider: "local",
          nodes: { count: 3, memory: "1GiB" },
          network: { cidr: `198.18.${block}.0/24` },
        },
      ],
    });
    const { sites } = plannedInventory(file, { identity: `${folder}/lab_ed25519` });
    const nodes = sites.flatMap((site) => site.nodes);
    await provideEngine(silentProgress);
    const lab = openLab(file, folder);
    await lab.down({ deleteData: true }, silentProgress);
    await lab.up(undefined, silentProgress);
    return new DataSite(environment, folder, lab, nodes, await writtenContext(environment, nodes));
  }

  get context(): DataServicesContext {
    return contextOf(this.#written);
  }

  container(node: string): string {
    return localContainer(this.environment, node);
  }

  /** Has all hosts install their packages, which takes most of the time. */
  async install(): Promise<void> {
    await Promise.all(this.cluster().members.map(({ host }) => installDataPackages(host)));
  }

  /** The data services as an operator of their own sees them. */
  cluster(gate: Gate = openGate(), context = this.context): DataCluster {
    const hosts = this.nodes.map((node) => connect(node, { knownHosts: this.#knownHosts, gate }));
    this.#opened.push(...hosts);
    return dataCluster(context, hosts);
  }

  health(): Promise<DataServicesHealth> {
    return dataServicesHealth(this.cluster());
  }

  get #knownHosts(): string {
    return `${this.#folder}/known_hosts`;
  }

  /**
   * Has an operator in a process of its own make the data services.
   * @param killAt - line of its progress at which it is killed without warning. @default - it may end
   * @returns the lines it printed
   */
  async operate(killAt?: string): Promise<string[]> {
    const operator = spawn(process.execPath, ["--import", "tsx", OPERATOR], { stdio: ["pipe", "pipe", "inherit"] });
    const written: WrittenDown = { context: this.#written, nodes: this.nodes, knownHosts: this.#knownHosts };
    const ended = once(operator, "exit");
    operator.stdin.end(JSON.stringify(written));
    const lines: string[] = [];
    for await (const line of createInterface({ input: operator.stdout })) {
      lines.push(line);
      if (line === killAt) operator.kill("SIGKILL");
    }
    const [code] = await ended;
    if (killAt === undefined && code !== 0) throw new Error(`the operator ended with ${code}\n${lines.join("\n")}`);
    if (killAt !== undefined && !lines.includes(killAt)) throw new Error(`no ${killAt}\n${lines.join("\n")}`);
    return lines;
  }

  /** Starts a writer on each node, or on some. */
  async write(kind: Kind, run: string, nodes: readonly Node[] = this.nodes): Promise<void> {
    const program = await readFile(WRITER, "utf8");
    for (const node of nodes) {
      const container = this.container(node.name);
      await inside(container, "cat > /root/data-writer.py", { input: program });
      const where =
        kind === "database"
          ? `${node.privateAddress} ${this.context.settings.ports.databaseEntry}`
          : this.nodes.map(({ privateAddress }) => privateAddress).join(" ");
      const { databasePassword, redisPassword } = this.#written.passwords;
      const name = `${run}-${node.name}`;
      const command = `setsid python3 /root/data-writer.py ${kind} ${name} ${where} < /root/${kind}.password >> /root/${kind}-${name}.log 2>> /root/writer.err &`;
      await inside(container, `cat > /root/${kind}.password`, {
        input: `${kind === "database" ? databasePassword : redisPassword}\n`,
      });
      await docker(["exec", "--detach", container, "sh", "-c", command]);
    }
  }

  /** What the writer of a node has been told is kept. */
  async acknowledged(kind: Kind, run: string, node: string): Promise<Acknowledged[]> {
    const text = await inside(this.container(node), `cat /root/${kind}-${run}-${node}.log`);
    return text.split("\n").map((line) => {
      const [number, at] = line.split(" ").map(Number);
      return { number: number ?? 0, at: at ?? 0 };
    });
  }

  /** Ends the writers that are still there. */
  async rest(): Promise<void> {
    for (const { name } of this.nodes) await inside(this.container(name), "pkill -f [d]ata-writer.py || true");
  }

  /** Runs SQL on a node's own way to the primary, as Harbor would. */
  async sql(node: Node, statement: string): Promise<string> {
    const { name, user } = HARBOR_DATABASE;
    const port = this.context.settings.ports.databaseEntry;
    const target = `host=${node.privateAddress} port=${port} dbname=${name} user=${user} sslmode=verify-ca sslrootcert=/etc/harborwright/data-services/ca.crt connect_timeout=3`;
    const script = `read -r PGPASSWORD; export PGPASSWORD; psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 '${target}'`;
    return inside(this.container(node.name), script, {
      input: `${this.#written.passwords.databasePassword}\n${statement}`,
    });
  }

  /** Makes the table into which the writers write. */
  async makeTable(): Promise<void> {
    const [first] = this.nodes;
    if (first !== undefined) await this.sql(first, "create table acknowledged (writer text, number bigint)");
  }

  /** Has the sentinels make a node Redis' primary. */
  async moveRedisTo(node: Node): Promise<void> {
    const script = `
redis() { redis-cli -h ${node.privateAddress} "$@"; }
read -r REDISCLI_AUTH
export REDISCLI_AUTH
[ "$(redis role | head -n 1)" != master ] || exit 0
redis config set replica-priority 1
# A sentinel looks at replicas every ten seconds.
until REDISCLI_AUTH= redis -p 26379 sentinel replicas harbor | grep -A 40 -x ${node.privateAddress} | grep -A 1 -x slave-priority | grep -qx 1; do sleep 0.2; done
read -r REDISCLI_AUTH
redis --user harborwright -p 26379 sentinel failover harbor`;
    const { redisPassword, sentinelPassword } = this.#written.passwords;
    await inside(this.container(node.name), script, { input: `${redisPassword}\n${sentinelPassword}\n` });
    const isPrimary = `read -r REDISCLI_AUTH; export REDISCLI_AUTH
until [ "$(redis-cli -h ${node.privateAddress} role | head -n 1)" = master ]; do sleep 0.1; done
redis-cli -h ${node.privateAddress} config set replica-priority 100`;
    await inside(this.container(node.name), isPrimary, { input: `${redisPassword}\n` });
  }

  /** Keys of Redis' primary, as a node's own sentinel names it. */
  async keys(node: Node, pattern: string): Promise<Set<string>> {
    const script = `
read -r REDISCLI_AUTH
primary=$(REDISCLI_AUTH= redis-cli -h ${node.privateAddress} -p 26379 sentinel get-master-addr-by-name harbor | head -n 1)
export REDISCLI_AUTH
redis-cli -h "$primary" --scan --pattern '${pattern}'`;
    const printed = await inside(this.container(node.name), script, {
      input: `${this.#written.passwords.redisPassword}\n`,
    });
    return new Set(printed.split("\n"));
  }

  /** Which doors, `address port`, open to a host of the same network that is no node. */
  async openFromServices(doors: readonly string[]): Promise<string[]> {
    const script = doors
      .map(
        (door) =>
          `if timeout 1 bash -c 'exec 3<>/dev/tcp/${door.replace(" ", "/")}' 2>/dev/null; then echo ${door}; fi`,
      )
      .join("\n");
    const printed = await inside(this.container("services"), script);
    return printed === "" ? [] : printed.split("\n");
  }

  /** Takes a node away for good, disk and all, and puts a bare machine in its place. */
  async replaceMachine(node: string): Promise<void> {
    await docker(["rm", "--force", this.container(node)]);
    await docker(["volume", "rm", "--force", `${this.container(node)}-disk`]);
    await this.lab.up(undefined, silentProgress);
  }

  async remove(): Promise<void> {
    await Promise.all(this.#opened.map((host) => host.close()));
    await this.lab.down({ deleteData: true }, silentProgress);
  }
}
