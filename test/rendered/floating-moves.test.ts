import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { PATHS } from "../../release/layout.js";
import { exampleEnvironment, releasesOf } from "../release/example.js";
import { consumer } from "./consumers.js";
import { newFolder, type PlacedRelease, placeRelease } from "./placed.js";
import { Running, until } from "./running.js";

const FLOATING = "198.18.0.100";
const run = $({ quiet: true });

/** A host of its own network in which keepalived runs on what was rendered, and a program that stands for its front. */
class FloatingNode {
  readonly #running: Running[] = [];

  private constructor(
    readonly namespace: string,
    readonly placed: PlacedRelease,
  ) {}

  /** Joins the two ends of a cable: node 1 and node 2. */
  static async pair(): Promise<[FloatingNode, FloatingNode]> {
    const mark = process.pid;
    const names = [`hwa${mark}`, `hwb${mark}`] as const;
    for (const name of names) await run`ip netns add ${name}`;
    await run`ip link add eth0 netns ${names[0]} type veth peer name eth0 netns ${names[1]}`;
    const [first, second] = releasesOf(exampleEnvironment());
    if (first === undefined || second === undefined) throw new Error("the example has three nodes");
    const nodes = [];
    for (const [index, release] of [first, second].entries()) {
      const name = names[index] ?? "";
      await run`ip -n ${name} address add 198.18.0.${11 + index}/24 dev eth0`;
      await run`ip -n ${name} link set lo up`;
      await run`ip -n ${name} link set eth0 up`;
      nodes.push(new FloatingNode(name, await placeRelease(release, await newFolder(release.node))));
    }
    const [one, other] = nodes;
    if (one === undefined || other === undefined) throw new Error("a pair is two");
    return [one, other];
  }

  #start(name: string, command: readonly string[]): Running {
    const inside = ["ip", "netns", "exec", this.namespace, ...command];
    const started = Running.start(inside, join(this.placed.root, `${name}.log`));
    this.#running.push(started);
    return started;
  }

  /** Starts what answers /livez: 200 until the drain file is there. */
  startFront(): void {
    const drain = JSON.stringify(this.placed.at(PATHS.drain));
    const program = `require("http").createServer((_, answer) => {
      answer.statusCode = require("fs").existsSync(${drain}) ? 503 : 200;
      answer.end();
    }).listen(8081, "127.0.0.1");`;
    this.#start("front", [process.execPath, "-e", program]);
  }

  async startKeepalived(): Promise<void> {
    await run`ip netns exec ${this.namespace} ${this.placed.at(PATHS.floatingInterface)}`;
    const unit = await readFile(this.placed.at(PATHS.floatingUnit), "utf8");
    const [, line = ""] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
    const [, ...rest] = line.split(" ");
    this.#start("keepalived", [await consumer("keepalived"), ...rest]);
  }

  async holds(): Promise<boolean> {
    const { stdout } = await run`ip -n ${this.namespace} -4 address show dev eth0`;
    return stdout.includes(`${FLOATING}/32`);
  }

  said(): Promise<string> {
    return readFile(join(this.placed.root, "keepalived.log"), "utf8");
  }

  /** Sends a signal to every program of the host, the children of those that were started too. */
  async signalAll(name: NodeJS.Signals): Promise<void> {
    const { stdout } = await run`ip netns pids ${this.namespace}`;
    for (const pid of stdout.split("\n").filter((line) => line !== "")) process.kill(Number(pid), name);
  }

  async end(): Promise<void> {
    await this.signalAll("SIGKILL");
    await until("all have ended", () => this.#running.every((running) => !running.lives));
    await run`ip netns delete ${this.namespace}`;
  }
}

describe("the floating address", () => {
  let first: FloatingNode;
  let second: FloatingNode;

  beforeAll(async () => {
    await consumer("ip");
    [first, second] = await FloatingNode.pair();
    first.startFront();
    second.startFront();
    await first.startKeepalived();
    await until("the first node holds the address", () => first.holds());
    await second.startKeepalived();
  });

  afterAll(async () => {
    await first?.end();
    await second?.end();
  });

  test("keepalived has no complaint, and runs the check not as root", async () => {
    const said = await first.said();
    expect(said).toContain("VRRP_Script(front) succeeded");
    expect(said).not.toMatch(/warning|unknown keyword|insecure|disabled|error/i);
  });

  test("moves away from a drained node, and stays when the node is back", async () => {
    await writeFile(first.placed.at(PATHS.drain), "");
    const started = performance.now();
    await until("the second node holds the address", () => second.holds());
    expect(performance.now() - started).toBeLessThan(4_000);
    await until("the first node gave it up", async () => !(await first.holds()));
    await rm(first.placed.at(PATHS.drain));
    await until("the first node is well again", async () =>
      /succeeded[\s\S]*failed[\s\S]*succeeded/.test(await first.said()),
    );
    expect(await second.holds()).toBe(true);
    expect(await first.holds()).toBe(false);
  });

  test("is taken over within about a second from a host that falls silent", async () => {
    await writeFile(second.placed.at(PATHS.drain), "");
    await until("the first node holds the address", () => first.holds());
    await rm(second.placed.at(PATHS.drain));
    await until("the second node is well again", async () => /failed[\s\S]*succeeded/.test(await second.said()));
    await first.signalAll("SIGSTOP");
    const started = performance.now();
    await until("the second node holds the address", () => second.holds());
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
