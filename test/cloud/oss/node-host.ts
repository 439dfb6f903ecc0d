import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { chmod, chown, copyFile, lstat, mkdir, readlink, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { $ } from "zx/core";
import { CONTAINER_USER } from "../../../release/layout.js";
import type { Release } from "../../../release/release.js";
import { consumer } from "../../rendered/consumers.js";
import { newFolder } from "../../rendered/placed.js";
import { Running } from "../../rendered/running.js";
import { Keeper } from "./keeper.js";

/** What a host needs besides the files of its release. */
export interface Surroundings {
  /** Its address. */
  readonly address: string;
  /** Names that its resolver knows: they all lead to its neighbour. */
  readonly neighbour: readonly string[];
  /** The CAs that it trusts, PEM. */
  readonly trusts: string;
}

/** Folders of this machine that the host sees too: its programs. */
const SHARED = ["usr", "bin", "sbin", "lib", "lib64", "etc/alternatives", "dev", "proc"];
/** The wire between a host and its neighbour; each has a network of its own, so all can use the same addresses. */
const WIRE = { host: "198.18.53.1", neighbour: "198.18.53.2" };

/**
 * A host with a file tree and a network of its own, on this machine: the files of a release lie in it where they lie on
 * a real one and not a byte is changed, its address is its own, every port is free, the CAs are the test's. What runs
 * in it reaches one neighbour and nothing else.
 */
export class NodeHost {
  readonly #root: string;
  readonly #keeper: Keeper;
  readonly #neighbour: Keeper;
  readonly #running: Running[] = [];
  readonly #doors: { close(): void }[] = [];

  private constructor(root: string, keeper: Keeper, neighbour: Keeper) {
    this.#root = root;
    this.#keeper = keeper;
    this.#neighbour = neighbour;
  }

  static async start(release: Release, surroundings: Surroundings): Promise<NodeHost> {
    await consumer("socat");
    const root = await newFolder("node");
    await furnish(root, release, surroundings);
    const binds = await sharedFolders(root);
    const neighbour = await Keeper.start(["--net"], "ip link set lo up");
    const there = neighbour.inNetwork(["ip"]).join(" ");
    const script = [
      ...binds.map((folder) => `mount --rbind /${folder} ${root}/${folder}`),
      "ip link set lo up",
      `ip link add wire type veth peer name wire netns ${neighbour.pid}`,
      `ip address add ${WIRE.host}/30 dev wire`,
      `ip address add ${surroundings.address}/32 dev wire`,
      "ip link set wire up",
      `${there} address add ${WIRE.neighbour}/30 dev wire`,
      `${there} link set wire up`,
      "echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start", // containers may listen on 443 without root
    ];
    const namespaces = ["--mount", "--net", "--propagation", "private"];
    return new NodeHost(root, await Keeper.start(namespaces, script.join("\n"), root), neighbour);
  }

  /** Where a path of the host lies on this machine. */
  at(path: string): string {
    return join(this.#root, path);
  }

  /** Brings a program of this machine. @returns its path on the host */
  async bring(program: string): Promise<string> {
    const path = join("/opt", basename(program));
    await copyFile(program, this.at(path));
    await chmod(this.at(path), 0o755);
    return path;
  }

  /** Starts a program as the user of the containers, with no environment but what is said. */
  run(command: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
    const user = ["--reuid", String(CONTAINER_USER), "--regid", String(CONTAINER_USER), "--clear-groups"];
    return this.#start(this.#keeper.inside(["setpriv", ...user, ...command]), environment);
  }

  /** Runs a shell script as root, as it would come in through SSH. */
  async shell(script: string, input = ""): Promise<Done> {
    const run = $({ quiet: true, nothrow: true, input, env: { PATH: process.env.PATH } });
    const { exitCode, stdout, stderr } = await run`${this.#keeper.inside(["sh", "-c", script])}`;
    return { exitCode, out: stdout, error: stderr };
  }

  /** Lets the neighbour answer on a port with what listens on a socket of this machine. */
  async neighbourAnswers(port: number, socket: string): Promise<void> {
    const listen = `TCP-LISTEN:${port},bind=${WIRE.neighbour},fork`;
    const answers = this.#start(this.#neighbour.inNetwork(["socat", listen, `UNIX-CONNECT:${socket}`]));
    await this.#neighbour.listens(port, answers);
  }

  /** Waits until a program listens. @throws Error with what it said if it ends */
  listens(port: number, program: Running): Promise<void> {
    return this.#keeper.listens(port, program);
  }

  /** Opens a way to a port of the host. @returns a port of this machine's 127.0.0.1 */
  async door(address: string, port: number): Promise<number> {
    const server = createServer((client) => {
      const through = spawn("nsenter", this.#keeper.inNetwork(["socat", "-", `TCP:${address}:${port}`]).slice(1));
      client.once("error", () => through.kill()).pipe(through.stdin.once("error", () => client.destroy()));
      through.stdout.pipe(client);
    });
    this.#doors.push(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    const bound = server.address();
    return typeof bound === "object" && bound !== null ? bound.port : 0;
  }

  async end(): Promise<void> {
    for (const door of this.#doors.splice(0)) door.close();
    await Promise.all(this.#running.splice(0).map((one) => one.kill()));
    await this.#keeper.end();
    await this.#neighbour.end();
  }

  #start(command: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
    const log = this.at(`/tmp/${this.#running.length}.log`);
    // Whoever writes there: nginx opens its standard output anew, as the user that it has become.
    writeFileSync(log, "");
    chmodSync(log, 0o666);
    const running = Running.start(command, log, environment);
    this.#running.push(running);
    return running;
  }
}

/** How a script ended and what it said. */
interface Done {
  readonly exitCode: number | null;
  readonly out: string;
  readonly error: string;
}

/** Files of a release as they are, and the few of the system that programs look for. */
async function furnish(root: string, release: Release, { neighbour, trusts }: Surroundings): Promise<void> {
  const hosts = neighbour.map(
    (name) => `${WIRE.neighbour} ${name}
`,
  );
  const system = {
    "/etc/hosts": ["127.0.0.1 localhost\n", ...hosts].join(""),
    "/etc/nsswitch.conf": "hosts: files\npasswd: files\ngroup: files\n",
    "/etc/passwd": "root:x:0:0::/:/bin/sh\n",
    "/etc/group": "root:x:0:\n",
    "/etc/ssl/certs/ca-certificates.crt": trusts,
  };
  for (const folder of ["tmp", "opt", "run/harborwright", "var/lib/registry"]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await chmod(join(root, "tmp"), 0o1777);
  for (const [path, content] of Object.entries(system)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  for (const { path, content, mode, owner, group } of release.files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    await chmod(join(root, path), mode);
    await chown(join(root, path), owner, group);
  }
}

/** Makes places for this machine's folders. @returns those that have to be mounted; the others are links, as here */
async function sharedFolders(root: string): Promise<string[]> {
  const mounted: string[] = [];
  for (const folder of SHARED) {
    const there = await lstat(`/${folder}`).catch(() => undefined);
    if (there === undefined) continue;
    if (there.isSymbolicLink()) await symlink(await readlink(`/${folder}`), join(root, folder));
    else {
      await mkdir(join(root, folder), { recursive: true });
      mounted.push(folder);
    }
  }
  return mounted;
}
