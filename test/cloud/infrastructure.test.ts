import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlanOptions } from "../../infrastructure/infrastructure.js";
import type { InfrastructurePlan } from "../../infrastructure/plan.js";
import { type SmallSite, smallSite } from "./small-site.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-infrastructure-"));
});
afterEach(() => rm(folder, { recursive: true }));

function changesOf({ changes }: InfrastructurePlan): Record<string, string> {
  return Object.fromEntries(changes.map(({ path, action }) => [path, action]));
}

async function make(site: SmallSite, options: PlanOptions = {}): Promise<string[]> {
  const infrastructure = await smallSite(folder, site, "terraform");
  await infrastructure.plan(options);
  const lines: string[] = [];
  await infrastructure.apply((line) => lines.push(line));
  return lines;
}

async function planned(site: SmallSite, options: PlanOptions = {}): Promise<Record<string, string>> {
  return changesOf(await (await smallSite(folder, site, "terraform")).plan(options));
}

async function machineIds(site: SmallSite): Promise<Record<string, string>> {
  const told = await (await smallSite(folder, site, "terraform")).outputs();
  return Object.fromEntries(Object.entries(told?.nodes ?? {}).map(([name, { id }]) => [name, id]));
}

const TWO: SmallSite = { nodes: 2 };

describe.each(["terraform", "opentofu"] as const)("%s", (engine) => {
  test("makes a site from nothing; a second plan is empty", async () => {
    const infrastructure = await smallSite(folder, TWO, engine);
    expect(await infrastructure.outputs()).toBeUndefined();
    const plan = await infrastructure.plan();
    expect(new Set(plan.changes.map(({ action }) => action))).toEqual(new Set(["create"]));
    expect(plan.changes.map(({ path }) => path)).toContain("hosts/node-2");
    const lines: string[] = [];
    await infrastructure.apply((line) => lines.push(line));
    expect(lines).toContain("made hosts/node-2 (terraform_data)");
    expect(lines).toHaveLength(plan.changes.length);
    const told = await infrastructure.outputs();
    expect(Object.keys(told?.nodes ?? {})).toEqual(["node-1", "node-2"]);
    expect(await infrastructure.plan()).toEqual({ site: "small", changes: [], isEmpty: true });
  });

  test("takes a guarded site down with its images", async () => {
    const infrastructure = await smallSite(folder, TWO, engine);
    await infrastructure.plan();
    await infrastructure.apply();
    await infrastructure.plan({ destroy: true, deleteData: true });
    await infrastructure.apply();
    expect(await infrastructure.outputs()).toBeUndefined();
    expect((await infrastructure.plan({ destroy: true, deleteData: true })).isEmpty).toBe(true);
  });
});

describe("a part of a site", () => {
  beforeEach(() => make(TWO));

  test("is all that interrupts no machine, and what does comes a node at a time", async () => {
    const next: SmallSite = { nodes: 3, image: "debian-13", cidr: "10.21.0.0/16" };
    expect(await planned(next, { withoutNodes: true })).toEqual({
      network: "update",
      "hosts/node-3": "create",
      "balancer/node-3": "create",
    });
    await make(next, { withoutNodes: true });
    expect(await planned(next, { only: ["node-2"] })).toEqual({
      "hosts/node-2": "replace",
      "balancer/node-2": "replace",
    });
  });

  test("has a machine remade though it is guarded, and is told of the new one", async () => {
    const before = await machineIds(TWO);
    const infrastructure = await smallSite(folder, TWO, "terraform");
    const plan = await infrastructure.plan({ only: ["node-2"], replace: ["node-2"] });
    expect(changesOf(plan)).toEqual({ "hosts/node-2": "replace", "balancer/node-2": "replace" });
    expect(plan.changes.flatMap(({ node }) => node ?? [])).toEqual(["node-2"]);
    await infrastructure.apply();
    const after = await machineIds(TWO);
    expect(after["node-1"]).toBe(before["node-1"]);
    expect(after["node-2"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(after["node-2"]).not.toBe(before["node-2"]);
    expect(await planned(TWO)).toEqual({ alarm: "update" });
  });

  test("can be a node that goes, guarded as it is", async () => {
    const one: SmallSite = { nodes: 1 };
    expect(await planned(one, { only: ["node-2"] })).toEqual({ "hosts/node-2": "delete", "balancer/node-2": "delete" });
    await make(one, { only: ["node-2"] });
    expect(Object.keys(await machineIds(one))).toEqual(["node-1"]);
    await make(one);
    expect(await planned(one)).toEqual({});
  });
});

test("a site that is taken down leaves the images, their key and their privacy, and is made again around them", async () => {
  await make(TWO);
  const infrastructure = await smallSite(folder, TWO, "terraform");
  const removal = await infrastructure.plan({ destroy: true });
  expect(removal.changes.map(({ path }) => path).filter((path) => /^(store|key)/.test(path))).toEqual([]);
  await infrastructure.apply();
  expect(await infrastructure.outputs()).toBeUndefined();
  expect(Object.keys(await planned(TWO)).sort()).toEqual([
    "alarm",
    "balancer/node-1",
    "balancer/node-2",
    "hosts/node-1",
    "hosts/node-2",
    "network",
  ]);
});

test("the end of a deployment by cdktf is no change that is told of", async () => {
  await make({ ...TWO, withBootstrap: true });
  const plan = await (await smallSite(folder, TWO, "terraform")).plan();
  expect(plan).toEqual({ site: "small", changes: [], isEmpty: true });
});

test("state and plans are for their owner's eyes only", async () => {
  await make(TWO);
  await (await smallSite(folder, TWO, "terraform")).plan();
  const work = join(folder, "work-terraform-mine");
  const names = (await readdir(work)).filter((name) => /^plan-|tf\.json$/.test(name)).map((name) => join(work, name));
  expect(names).toHaveLength(2);
  for (const path of [join(folder, "small.tfstate"), ...names]) expect((await stat(path)).mode & 0o077).toBe(0);
});

test("a plan is not carried out once the site has changed", async () => {
  await make(TWO);
  const wider = await smallSite(folder, { ...TWO, cidr: "10.22.0.0/16" }, "terraform");
  await wider.plan();
  await make({ ...TWO, cidr: "10.23.0.0/16" });
  await expect(wider.apply()).rejects.toMatchObject({ details: { code: "infrastructure/plan-stale" } });
});

test("a machine that was not made to the end is made anew, guarded as it is", async () => {
  await expect(make({ nodes: 1, onMake: "exit 1" })).rejects.toMatchObject({
    details: { code: "infrastructure/apply-failed", log: expect.arrayContaining([expect.stringContaining("exit")]) },
  });
  const plan = await (await smallSite(folder, { nodes: 1 }, "terraform")).plan();
  expect(plan.changes.filter(({ path }) => path === "hosts/node-1")).toMatchObject([
    { action: "replace", node: "node-1" },
  ]);
  await make({ nodes: 1 });
  expect(await planned({ nodes: 1 })).toEqual({});
});

describe("an apply that is interrupted", () => {
  const started = () => join(folder, "started");
  const go = () => join(folder, "go");
  const blocked = (): SmallSite => ({
    nodes: 1,
    onMake: `touch ${started()}; while [ ! -e ${go()} ]; do sleep 0.05; done`,
  });

  async function beginning(): Promise<ChildProcess> {
    const program = fileURLToPath(new URL("apply-small-site.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", program, folder, JSON.stringify(blocked())], {
      detached: true,
      stdio: "ignore",
    });
    while (!existsSync(started())) await pause(20);
    return child;
  }

  test("by nobody is not disturbed by somebody at another machine, who is told who is at work", async () => {
    const child = await beginning();
    const other = await smallSite(folder, blocked(), "terraform", { owner: "theirs" });
    await expect(other.plan()).rejects.toMatchObject({
      details: {
        code: "infrastructure/state-locked",
        says: expect.stringContaining(`${userInfo().username}@${hostname()}`),
      },
    });
    const ended = once(child, "exit");
    await writeFile(go(), "");
    await ended;
    expect(changesOf(await other.plan())).toEqual({});
  });

  test("by the death of harborwright alone leaves Terraform to finish, and the next plan waits for it", async () => {
    const child = await beginning();
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    const next = smallSite(folder, blocked(), "terraform").then((infrastructure) => infrastructure.plan());
    await writeFile(go(), "");
    expect(changesOf(await next)).toEqual({});
    const left = (await readdir(join(folder, "work-terraform-mine"))).filter((name) => name.includes(`-${child.pid}`));
    expect(left).toEqual([]);
  });

  test("by the death of both is made good by the next one", async () => {
    const child = await beginning();
    if (child.pid === undefined) throw new Error("no child");
    const ended = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await ended;
    await writeFile(go(), "");
    await make(blocked());
    expect(await planned(blocked())).toEqual({});
    expect(Object.keys(await machineIds(blocked()))).toEqual(["node-1"]);
  });
});
