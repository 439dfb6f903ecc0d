import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey } from "openpgp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Infrastructure, openInfrastructure, type PlanOptions } from "../../infrastructure/infrastructure.js";
import type { CloudSite } from "../../spec/cloud/sites.js";
import { isCloud } from "../../spec/cloud/sites.js";
import { parseEnvironment } from "../../spec/parse.js";
import { Problem } from "../../spec/problem.js";
import type { StackContext } from "../../stacks/context.js";
import { silentProgress } from "../../supply/progress.js";
import { provideTerraform } from "../../supply/terraform.js";
import { MotoServer } from "./moto/moto-server.js";
import { StandInProvider } from "./stand-in/stand-in-provider.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-site-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Where a site is made. */
interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly providerArguments: CloudSite["providerArguments"];
}

/** One of the environments that come along, with nodes of its own choice, as harborwright opens it in a place. */
async function opened(name: string, place: Place, nodes: Partial<CloudSite["nodes"]> = {}): Promise<Infrastructure> {
  const text = await readFile(new URL(`../../environments/${name}.yaml`, import.meta.url), "utf8");
  const environment = parseEnvironment(text, `${name}.yaml`);
  const [file] = environment.sites.filter(isCloud);
  if (file === undefined) throw new Error(`${name} is in no cloud`);
  const site = { ...file, nodes: { ...file.nodes, ...nodes }, providerArguments: place.providerArguments };
  return openInfrastructure({ ...environment, sites: [site] }, site, {
    context: { ...CONTEXT, stateFolder: folder },
    workFolder: join(folder, "terraform"),
    progress: silentProgress,
    env: place.env,
  });
}

const { publicKey } = await generateKey({
  type: "ecc",
  curve: "nistP256",
  userIDs: [{ name: "test" }],
  format: "object",
});
const CONTEXT: Omit<StackContext, "stateFolder"> = {
  sshPublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFIiSzW/WitkkZOjKY/722YD9xlozUJHyKA3CFbm3RmA operators",
  storageKeyRecipient: Buffer.from(publicKey.write()).toString("base64"),
  bootstrap: { command: "false", folder: "/", digest: "0" },
};

/** Makes a plan, carries it out, and tells what it was: "replace hosts/node-2". */
async function carryOut(infrastructure: Infrastructure, options?: PlanOptions): Promise<string[]> {
  const { changes } = await infrastructure.plan(options);
  await infrastructure.apply().catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
    throw new Error([error.details.says, ...(error.details.log ?? [])].join("\n"), { cause: error });
  });
  return changes.map(({ action, path }) => `${action} ${path}`);
}

/** What `up`, `resize`, `replace`, `scale` and `down` do with a site, one after the other. */
async function wholeLife(name: string, place: Place, resized: Partial<CloudSite["nodes"]>): Promise<void> {
  const site = await opened(name, place);
  await carryOut(site);
  expect(await site.plan()).toMatchObject({ changes: [], isEmpty: true });
  const first = await site.outputs();
  expect(Object.keys(first?.nodes ?? {})).toEqual(["node-1", "node-2", "node-3"]);

  const larger = await opened(name, place, resized);
  const plan = await larger.plan();
  expect(plan.changes.filter(({ node }) => node !== undefined)).toMatchObject([
    { path: "hosts/node-2", action: "update" },
  ]);
  expect((await larger.plan({ withoutNodes: true })).changes.filter(({ node }) => node !== undefined)).toEqual([]);
  expect(await carryOut(larger, { only: ["node-2"] })).toContain("update hosts/node-2");
  await carryOut(larger);
  expect((await larger.plan()).isEmpty).toBe(true);

  expect(await carryOut(larger, { only: ["node-2"], replace: ["node-2"] })).toContain("replace hosts/node-2");
  const second = await larger.outputs();
  expect(second?.nodes["node-2"]?.id).not.toBe(first?.nodes["node-2"]?.id);
  expect(second?.nodes["node-1"]).toEqual(first?.nodes["node-1"]);
  await carryOut(larger);
  expect((await larger.plan()).isEmpty).toBe(true);

  const smaller = await opened(name, place, { ...resized, count: 2 });
  expect(await carryOut(smaller, { only: ["node-3"] })).toContain("delete hosts/node-3");
  await carryOut(smaller);
  expect(Object.keys((await smaller.outputs())?.nodes ?? {})).toEqual(["node-1", "node-2"]);

  const removed = await carryOut(smaller, { destroy: true });
  expect(removed).toContain("delete hosts/node-1");
  expect(removed.filter((line) => /delete (store|key)\b/.test(line))).toEqual([]);
  expect(await smaller.outputs()).toBeUndefined();
  await carryOut(smaller, { destroy: true, deleteData: true });
  expect((await smaller.plan({ destroy: true, deleteData: true })).isEmpty).toBe(true);
}

test("a site on Alibaba Cloud lives from `up` to `down`", async () => {
  const provider = await StandInProvider.start();
  try {
    const env = await provider.environment(await provideTerraform("terraform", silentProgress));
    await wholeLife("hangzhou", { env, providerArguments: {} }, { sizes: { "node-2": "ecs.g8i.2xlarge" } });
    expect(provider.cloud.things).toEqual([]);
  } finally {
    provider.stop();
  }
});

test("a site on AWS: a guarded machine is replaced, and all goes at last", { timeout: 900_000 }, async () => {
  const moto = await MotoServer.start();
  try {
    const site = await opened("frankfurt", { env: moto.environment, providerArguments: moto.providerArguments });
    await carryOut(site);
    expect(await site.plan()).toMatchObject({ changes: [], isEmpty: true });
    const before = await site.outputs();
    expect(await carryOut(site, { only: ["node-2"], replace: ["node-2"] })).toContain("replace hosts/node-2");
    const after = await site.outputs();
    expect(after?.nodes["node-2"]?.id).not.toBe(before?.nodes["node-2"]?.id);
    expect(after?.nodes["node-1"]).toEqual(before?.nodes["node-1"]);
    await carryOut(site, { destroy: true, deleteData: true });
    expect(await site.outputs()).toBeUndefined();
    expect(await moto.made()).toEqual({});
  } finally {
    await moto.stop();
  }
});
