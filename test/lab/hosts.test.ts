import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { connect } from "../../hosts/connect.js";
import { closedGate, openGate } from "../../hosts/gate.js";
import type { Host } from "../../hosts/host.js";
import { Problem } from "../../spec/problem.js";
import { Doors } from "./doors.js";

let doors: Doors;
beforeAll(async () => {
  doors = await Doors.make("doors", 21);
});
afterAll(() => doors.remove());

async function problemOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Problem)) throw new Error(`no problem but ${String(error)}`);
  return error.details;
}

/** Waits until a file is there. */
function untilThere(host: Host, path: string): Promise<string> {
  return host.read(`until [ -e ${path} ]; do sleep 0.1; done`);
}

test("a script runs as root, and its input reaches it to the last byte", async () => {
  const host = doors.open(1);
  const input = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 256));
  expect((await host.read("id -u; wc -c", { input })).split("\n").slice(0, 2)).toEqual(["0", "3000000"]);
});

test("commands share a connection from the second on, which is gone after close", async () => {
  const [host, watcher] = [doors.open(1), doors.open(1)];
  const connections = async (by: Host) => Number(await by.read("ss -Htn state established '( sport = :22 )' | wc -l"));
  await connections(watcher);
  await connections(host);
  const [one, two] = [await connections(host), await connections(host)];
  expect(one).toBe(two);
  const before = await connections(watcher);
  await host.close();
  await expect.poll(() => connections(watcher), { timeout: 5_000 }).toBeLessThan(before);
});

describe("a host that is dialled before there is anything to say", () => {
  /** Clients that are connected, by their port. */
  async function clients(by: Host): Promise<string[]> {
    const listed = await by.read("ss -Htn state established '( sport = :22 )'");
    return [...listed.matchAll(/:(\d+)\s*$/gm)].map((match) => match[1] ?? "");
  }

  test("is asked through the connection that was begun", async () => {
    const [host, watcher] = [doors.open(1), doors.open(1)];
    const before = await clients(watcher);
    host.dial();
    await expect.poll(async () => (await clients(watcher)).length, { timeout: 5_000 }).toBeGreaterThan(before.length);
    const waiting = await clients(watcher);
    const [, port] = (await host.read("echo $SSH_CONNECTION")).split(" ");
    expect(waiting).toContain(port);
    expect(await host.read("echo again")).toBe("again\n");
  });

  test("is let go when it was not needed", async () => {
    const [host, watcher] = [doors.open(2), doors.open(2)];
    await clients(watcher);
    const before = (await clients(watcher)).length;
    host.dial();
    const connected = async () => (await clients(watcher)).length;
    await expect.poll(connected, { timeout: 5_000 }).toBe(before + 1);
    await host.close();
    await expect.poll(connected, { timeout: 5_000 }).toBe(before);
  });
});

test("a secret in the input stands in no list of processes, neither here nor there", async () => {
  const [host, watcher] = [doors.open(1), doors.open(1)];
  const held = host.read("read -r secret; touch /tmp/read; until [ -e /tmp/seen ]; do sleep 0.1; done", {
    input: "TOP-SECRET-INPUT\n",
  });
  await untilThere(watcher, "/tmp/read");
  const there = await watcher.read("cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' '");
  const here = (await $({ quiet: true })`ps -eo args`).stdout;
  await watcher.change("go on", "touch /tmp/seen");
  await held;
  expect(there).toContain("sh -c");
  expect(there).not.toContain("TOP-SECRET-INPUT");
  expect(here).not.toContain("TOP-SECRET-INPUT");
});

test("a closed gate lets nothing through, and remembers what would have changed", async () => {
  const gate = closedGate();
  const host = doors.open(1, gate);
  expect(await host.change("make a file", "touch /tmp/gated; echo made")).toBe("");
  expect((await host.read("ls /tmp/gated 2>/dev/null || echo none")).trim()).toBe("none");
  expect(gate.changes).toEqual([{ node: "node-1", what: "make a file" }]);
});

test("of two changes at once the second begins when the first has ended", async () => {
  const [one, other] = [doors.open(1), doors.open(1)];
  const script = (name: string) => `echo "${name}" >> /tmp/order; sleep 1; echo "${name}" >> /tmp/order`;
  await Promise.all([one.change("go first", script("a")), other.change("go second", script("b"))]);
  const order = (await one.read("cat /tmp/order")).trim().split("\n");
  expect(order[0]).toBe(order[1]);
  expect(order[2]).toBe(order[3]);
});

test("a script that fails tells its last lines and its exit code", async () => {
  const problem = await problemOf(doors.open(1).change("do the impossible", "echo why not >&2; exit 3"));
  expect(problem).toMatchObject({ code: "host/command-failed", log: ["why not"] });
  expect(problem.says).toBe("node-1 could not do the impossible (exit code 3)");
});

test("a script that takes too long is ended on the host as well", async () => {
  const host = doors.open(1);
  const problem = await problemOf(host.read("exec sleep 4711", { timeout: 1_000 }));
  expect(problem.code).toBe("host/timed-out");
  expect((await host.read("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).includes("sleep 4711")).toBe(false);
});

test("a conversation hears each line as it comes, and its script ends with it", async () => {
  const host = doors.open(1);
  const talk = host.converse('echo hello; while read -r line; do echo "you said $line"; done; echo bye > /tmp/bye');
  const heard: string[] = [];
  for await (const line of talk.lines) {
    heard.push(line);
    if (heard.length === 3) await talk.end();
    else talk.say(`number ${heard.length}`);
  }
  expect(heard).toEqual(["hello", "you said number 1", "you said number 2"]);
  expect(await host.read("cat /tmp/bye")).toBe("bye\n");
});

test("a host that shows another key is refused, with both fingerprints and the command to accept it", async () => {
  const file = join(doors.knownHosts, "..", "other_known_hosts");
  const kept = (await readFile(doors.knownHosts, "utf8")).split("\n").find((line) => line.startsWith("node-2."));
  await writeFile(file, `${kept?.replace("node-2.", "node-1.")}\n`);
  const problem = await problemOf(doors.open(1, undefined, file).read("echo in"));
  expect(problem.code).toBe("ssh/host-key-changed");
  expect(problem.says.match(/SHA256:/g)).toHaveLength(2);
  expect(problem.instead).toContain(`ssh-keygen -R node-1.here -f ${file}`);
});

test("a key that is not let in is named", async () => {
  const stranger = join(doors.knownHosts, "..", "stranger");
  await $({ quiet: true })`ssh-keygen -q -t ed25519 -N ${""} -f ${stranger}`;
  const node = { ...doors.node(1), ssh: { ...doors.node(1).ssh, identityFile: stranger } };
  const { connect } = await import("../../hosts/connect.js");
  const problem = await problemOf(connect(node, { knownHosts: doors.knownHosts, gate: closedGate() }).read("echo in"));
  expect(problem).toMatchObject({ code: "ssh/permission-denied" });
  expect(problem.says).toContain(stranger);
});

test("a host that hangs is noticed within fifteen seconds, before and during a command", async () => {
  const [fresh, used] = [doors.open(2), doors.open(2)];
  await used.read("true");
  await used.read("true");
  const underWay = problemOf(used.read("sleep 60", { timeout: 90_000 }));
  await doors.lab.pause("node-2");
  const begun = performance.now();
  const problems = await Promise.all([problemOf(fresh.read("true")), underWay]);
  expect(performance.now() - begun).toBeLessThan(15_000);
  expect(problems.map(({ code }) => code)).toEqual(["ssh/unreachable", "ssh/connection-lost"]);
  await doors.lab.heal("node-2");
  expect(await fresh.read("echo back")).toBe("back\n");
});

test("a host behind another is reached through it, and what goes wrong on the way is told of the right one", async () => {
  const [bastion, inner] = [doors.node(1), doors.node(2)];
  const identityFile = inner.ssh.identityFile ?? "";
  const behind = (address: string) => ({
    ...inner,
    name: "inner",
    ssh: { ...inner.ssh, proxy: { kind: "jump", user: "root", address, port: 22, identityFile } as const },
  });
  const knownHosts = join(dirname(doors.knownHosts), "known_hosts_of_bastion");
  const host = connect(behind(bastion.address), { knownHosts, gate: openGate() });
  try {
    expect(await host.read("hostname")).toBe("node-2\n");
    // The second command shares a connection, which goes through as well.
    expect(await host.read("hostname")).toBe("node-2\n");
    expect(await readFile(knownHosts, "utf8")).toMatch(/^bastion\.here ssh-ed25519 .*\ninner\.here ssh-ed25519 /);
  } finally {
    await host.close();
  }
  const lost = connect(behind("198.18.21.77"), { knownHosts, gate: openGate() });
  expect((await problemOf(lost.read("hostname"))).says).toMatch(/^bastion \(198\.18\.21\.77, port 22\)/);
});
