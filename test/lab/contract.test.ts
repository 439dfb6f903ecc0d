import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LabEnvironment } from "./fixture.js";

interface StatusJson {
  environment: string;
  entry: { url: string; address: string; caFile: string };
  nodes: {
    site: string;
    name: string;
    address: string;
    healthy: boolean;
    release: string | null;
    engine: { name: string; version: string };
  }[];
}
interface PlanJson {
  environment: string;
  changes: boolean;
  hosts: {
    node: string;
    release: { before: string | null; after: string };
    files: { path: string; change: string; before: string | null; after: string | null }[];
    actions: { kind: string; what: string }[];
  }[];
}

describe("one environment, from nothing to nothing, as a script drives it", () => {
  let lab: LabEnvironment;

  beforeAll(async () => {
    lab = await LabEnvironment.make("contract", 10);
  });
  afterAll(() => lab.remove());

  test("before anything is made, plan names every file as new and ends with 2", async () => {
    const { code, stdout } = await lab.run("plan", "--json");
    const plan = JSON.parse(stdout) as PlanJson;
    expect(code).toBe(2);
    expect(plan.hosts.map((host) => host.node)).toEqual(["node-1", "node-2", "node-3"]);
    for (const { files } of plan.hosts) {
      expect(files.length).toBeGreaterThan(5);
      expect(files.every((file) => file.change === "add" && file.before === null)).toBe(true);
    }
  });

  test("without a terminal and without --yes nothing is made", async () => {
    const { code, stderr } = await lab.run("up");
    expect(code).toBe(1);
    expect(stderr).toContain("--yes");
    expect((await lab.json<StatusJson>("status")).nodes.every((node) => !node.healthy)).toBe(true);
  });

  test("up makes three healthy nodes; progress goes to stderr", async () => {
    const { code, stderr, stdout } = await lab.run("up", "--yes");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stderr).toMatch(/node-1 canary/);
    expect(stdout).not.toMatch(/canary/);
  });

  test("status says so in the promised form", async () => {
    const { code, stdout } = await lab.run("status", "--json");
    const status = JSON.parse(stdout) as StatusJson;
    expect(code).toBe(0);
    expect(status.environment).toBe("contract");
    expect(status.entry).toEqual({
      url: "https://registry.contract",
      address: "198.18.10.100",
      caFile: `${lab.stateFolder}/ca.crt`,
    });
    expect(status.nodes.map(({ site, name, address, healthy }) => ({ site, name, address, healthy }))).toEqual(
      [1, 2, 3].map((n) => ({ site: "here", name: `node-${n}`, address: `198.18.10.1${n}`, healthy: true })),
    );
    expect(status.nodes.every((node) => /^[0-9a-f]{16}$/.test(node.release ?? ""))).toBe(true);
    expect(status.nodes[0]?.engine).toEqual({ name: "distribution", version: "3.1" });
    expect(await readFile(status.entry.caFile, "utf8")).toContain("BEGIN CERTIFICATE");
  });

  test("credentials name an account", async () => {
    const account = await lab.json<Record<string, string>>("credentials");
    expect(Object.keys(account).sort()).toEqual(["caFile", "password", "url", "username"]);
    expect(account.password?.length).toBeGreaterThanOrEqual(24);
  });

  test("verify pushes, pulls and deletes through the entry and every node", async () => {
    const { code, stdout } = await lab.run("verify");
    expect({ code, stdout: code === 0 ? "" : stdout }).toEqual({ code: 0, stdout: "" });
  });

  test("a second plan is empty and ends with 0, and a second up changes nothing", async () => {
    const plan = await lab.run("plan", "--json");
    expect((JSON.parse(plan.stdout) as PlanJson).changes).toBe(false);
    expect(plan.code).toBe(0);
    const before = await lab.succeed("audit", "--json");
    await lab.succeed("up", "--yes");
    expect(await lab.succeed("audit", "--json")).toBe(before);
  });

  test("a changed setting shows as a diff on each host, without a secret", async () => {
    await lab.edit((content) => ({ ...content, registry: { ...content.registry, log: { level: "debug" } } }));
    const { code, stdout } = await lab.run("plan");
    const { password } = await lab.json<{ password: string }>("credentials");
    expect(code).toBe(2);
    expect(stdout).toMatch(/-\s+level: .?info/);
    expect(stdout).toMatch(/\+\s+level: .?debug/);
    expect(stdout).toContain("node-2  as node-1");
    expect(stdout).not.toContain(password);
  });

  test("a dry run changes nothing", async () => {
    const before = (await lab.json<StatusJson>("status")).nodes.map((node) => node.release);
    await lab.succeed("up", "--dry-run");
    expect((await lab.json<StatusJson>("status")).nodes.map((node) => node.release)).toEqual(before);
  });

  test("up rolls it out, rollback goes back, up goes forward again", async () => {
    const releases = async () => (await lab.json<StatusJson>("status")).nodes.map((node) => node.release);
    const first = await releases();
    await lab.succeed("up", "--yes");
    const second = await releases();
    expect(second).not.toEqual(first);
    await lab.succeed("rollback", "--yes");
    expect(await releases()).toEqual(first);
    await lab.succeed("up", "--yes");
    expect(await releases()).toEqual(second);
    await lab.succeed("verify");
  });

  test("a file that somebody edited on a host is shown and put right", async () => {
    await lab.succeed("ssh", "node-2", "--", "echo '# by hand' >> /etc/harborwright/front/nginx.conf");
    const { stdout, code } = await lab.run("plan");
    expect(code).toBe(2);
    expect(stdout).toMatch(/front\/nginx\.conf.*edited on the host/);
    await lab.succeed("up", "--yes");
    expect((await lab.run("plan")).code).toBe(0);
  });

  test("audit names who changed what", async () => {
    const entries = await lab.json<{ node: string; who: string; command: string }[]>("audit");
    expect(new Set(entries.map((entry) => entry.node))).toEqual(new Set(["node-1", "node-2", "node-3"]));
    expect(entries.every((entry) => entry.who.includes("@"))).toBe(true);
    expect(entries.some((entry) => entry.command.includes("rollback"))).toBe(true);
  });

  test("logs of every node can be read", async () => {
    const logs = await lab.succeed("logs", "--lines", "5");
    expect(logs).toContain("node-1");
    expect(logs).toContain("node-3");
  });

  test("down keeps the images, and the next up finds them", async () => {
    await lab.succeed("down", "--yes");
    expect((await lab.run("status")).code).toBe(1);
    await lab.succeed("up", "--yes");
    await lab.succeed("verify");
  });
});
