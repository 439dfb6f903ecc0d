import { copyFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { $ } from "zx";
import { keepOutputs } from "../../operations/cloud.js";
import { nodesThatGo } from "../../operations/departing.js";
import { parseOutputs } from "../../operations/kept-outputs.js";
import { ensureNodeKey, keepNodeKey } from "../../operations/node-key.js";
import { stackContext } from "../../operations/stack-context.js";
import { entryUrl, onlySite } from "../../operations/workspace.js";
import { cloudFile, deskWith } from "./cloud-workspace.js";

const OUTPUTS = {
  nodes: { "node-1": { id: "i-1", publicAddress: "198.51.100.1" }, "node-2": { id: "i-2" }, "node-3": { id: "i-3" } },
  entry: "balancer.example.net",
  bastion: "198.51.100.9",
};

describe("the key of the nodes", () => {
  test("is made once, and its public half belongs to the private one", async () => {
    const desk = await deskWith(cloudFile("aws"));
    const [workspace, store] = await Promise.all([desk.open(), desk.store()]);
    const made = await ensureNodeKey(workspace, store);
    expect(await ensureNodeKey(workspace, store)).toBe(made);
    expect(await keepNodeKey(workspace, store)).toBe(true);
    const derived = await $({ quiet: true })`ssh-keygen -y -f ${workspace.identityFile}`;
    expect(made).toMatch(/^ssh-ed25519 \S+ harborwright prod$/);
    expect(derived.stdout.trim()).toBe(made);
    expect((await stat(workspace.identityFile)).mode & 0o777).toBe(0o600);
  });

  test("reaches an operator on another machine through the secrets beside the file", async () => {
    const first = await deskWith(cloudFile("aws"));
    const store = await first.store();
    const made = await ensureNodeKey(await first.open(), store);
    await store.save();
    const second = await deskWith(cloudFile("aws"));
    for (const name of ["prod.secrets.age", "identity.txt"])
      await copyFile(join(first.folder, name), join(second.folder, name));
    const workspace = await second.open();
    expect(await ensureNodeKey(workspace, await second.store())).toBe(made);
    expect(await keepNodeKey(workspace, await second.store())).toBe(true);
    expect(await readFile(workspace.identityFile, "utf8")).toBe(store.get("node-key")?.reveal());
  });

  test("is not written to the disk by asking what a stack needs", async () => {
    const desk = await deskWith(cloudFile("aws"));
    const workspace = await desk.open();
    await stackContext(workspace, await desk.store());
    await expect(stat(workspace.identityFile)).rejects.toThrow("ENOENT");
    await expect(stat(workspace.secretsFile)).rejects.toThrow("ENOENT");
  });
});

describe("what a stack needs", () => {
  test("is no secret, and a command that can be run again when the file changes", async () => {
    const desk = await deskWith(cloudFile("aws"));
    const store = await desk.store();
    const context = await stackContext(await desk.open(), store);
    expect(context.bootstrap?.command).toMatch(/ up \S*prod\.yaml --from-deploy$/);
    expect(context).not.toHaveProperty("storageKeyRecipient");
    for (const name of store.names().filter((one) => one !== "node-key-public"))
      expect(JSON.stringify(context)).not.toContain(store.get(name)?.reveal());
    await writeFile(desk.file, cloudFile("aws", "{ count: 5 }"));
    const changed = await stackContext(await desk.open(), store);
    expect(changed.bootstrap?.digest).not.toBe(context.bootstrap?.digest);
  });

  test("on Alibaba Cloud has the key to which the bucket's access key is encrypted, and how many there are", async () => {
    const desk = await deskWith(cloudFile("alicloud"));
    const store = await desk.store();
    const context = await stackContext(await desk.open(), store);
    expect(context.storageKeyRecipient).toBe(store.get("storage-key-recipient")?.reveal());
    expect(context.storageKeyGenerations).toEqual([1]);
  });

  test("has no command where the file wants none", async () => {
    const desk = await deskWith(`${cloudFile("aws")}infrastructure: { bootstrap: false }\n`);
    expect(await stackContext(await desk.open(), await desk.store())).not.toHaveProperty("bootstrap");
  });
});

describe("what a stack has told", () => {
  test("is known to the next command without asking again", async () => {
    const desk = await deskWith(cloudFile("aws"));
    const before = await desk.open();
    expect(entryUrl(before).address).toBe("registry.example.com");
    await keepOutputs(before, OUTPUTS);
    const after = await desk.open();
    expect(entryUrl(after).address).toBe("balancer.example.net");
    expect(onlySite(after).nodes[0]?.ssh.proxy).toMatchObject({ kind: "jump", address: "198.51.100.9" });
  });

  test("makes the host key of a machine forgotten only when it is another machine", async () => {
    const desk = await deskWith(cloudFile("aws"));
    const workspace = await keepOutputs(await desk.open(), OUTPUTS);
    const knownHosts = join(workspace.stateFolder, "known_hosts");
    const line = (name: string) => `${name}.prod ssh-ed25519 AAAA`;
    const names = ["node-1", "node-2", "node-3", "bastion"];
    await writeFile(knownHosts, `${names.map(line).join("\n")}\n`);
    await keepOutputs(workspace, { ...OUTPUTS, entry: "another.example.net" });
    expect((await readFile(knownHosts, "utf8")).trim().split("\n")).toEqual(names.map(line));
    await keepOutputs(await desk.open(), { ...OUTPUTS, nodes: { ...OUTPUTS.nodes, "node-2": { id: "i-9" } } });
    expect((await readFile(knownHosts, "utf8")).trim().split("\n")).toEqual(["node-1", "node-3", "bastion"].map(line));
  });

  test("that cannot be read is taken as not known", async () => {
    const desk = await deskWith(cloudFile("aws"));
    const workspace = await keepOutputs(await desk.open(), OUTPUTS);
    for (const text of ["{", '{"prod":{"nodes":[]}}']) {
      expect(parseOutputs(text)).toBeUndefined();
      await writeFile(join(workspace.stateFolder, "outputs.json"), text);
      expect((await desk.open()).outputs).toBeUndefined();
    }
  });

  test("names nodes that the file no longer has, at the addresses they were made with", async () => {
    const desk = await deskWith(cloudFile("aws"));
    const whole = await keepOutputs(await desk.open(), OUTPUTS);
    const third = onlySite(whole).nodes[2];
    expect(nodesThatGo(whole)).toEqual([]);
    await mkdir(whole.stateFolder, { recursive: true });
    await writeFile(desk.file, cloudFile("aws", "{ count: 2 }"));
    expect(nodesThatGo(await desk.open())).toEqual([third]);
  });
});
