import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as z from "zod";
import { $ } from "zx";
import { placeNodes, planSubnets } from "../../spec/cloud/network-plan.js";
import type { EnvironmentFile } from "../../spec/environment.js";
import { silentProgress } from "../../supply/progress.js";
import { ALONE, provideTerraform } from "../../supply/terraform.js";
import { terraformEnvironment } from "../../supply/terraform-environment.js";
import { Probes } from "../lab/load-probe.js";
import { MetadataService } from "./metadata-service.js";
import { MotoServer } from "./moto/moto-server.js";
import {
  type Instance,
  publicKeyOfInstances,
  roleOfInstances,
  runningInstances,
  untilEnded,
} from "./whole-way/instances.js";
import { Machines } from "./whole-way/machines.js";
import { Operator, PROJECT } from "./whole-way/operator.js";

const CIDR = "198.18.47.0/24";
const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
/** The fourth is there for the day when it is asked for. */
const NODES = placeNodes(planSubnets(CIDR, ZONES), 4);
const HOSTNAME = "registry.whole.example.com";

let operator: Operator;
let machines: Machines;
let moto: MotoServer;
let metadata: MetadataService;

beforeAll(async () => {
  operator = await Operator.make("whole");
  vi.stubEnv("HARBORWRIGHT_IDENTITY", operator.identity.HARBORWRIGHT_IDENTITY);
  const stateFolder = join(operator.folder, "machines");
  machines = await Machines.start({
    name: "machines",
    cidr: CIDR,
    zones: ZONES,
    count: NODES.length,
    hostname: HOSTNAME,
    stateFolder,
  });
  moto = await MotoServer.start(machines.gateway);
  metadata = await MetadataService.start(machines.gateway);
  await machines.runOnEach(metadata.redirection);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  metadata.stop();
  await moto.stop();
  await machines.end();
  await operator.end();
});

async function write(change: { front?: EnvironmentFile["front"]; sizes?: Record<string, string> } = {}): Promise<void> {
  const content: EnvironmentFile = {
    environment: "whole",
    registry: {
      hostname: HOSTNAME,
      storage: { kind: "managed" },
      authentication: { kind: "htpasswd", users: ["operator"] },
    },
    ...(change.front === undefined ? {} : { front: change.front }),
    sites: [
      {
        name: "whole",
        provider: "aws",
        region: "eu-central-1",
        zones: ZONES,
        network: { cidr: CIDR, operators: [CIDR], clients: [CIDR] },
        nodes: { user: "root", sizes: change.sizes ?? {} },
        access: { from: "private" },
        bucket: { endpoint: moto.endpoint, forcePathStyle: true },
        providerArguments: moto.providerArguments,
      },
    ],
  };
  await operator.write(content);
}

async function environment(): Promise<NodeJS.ProcessEnv> {
  const terraform = await provideTerraform("terraform", silentProgress);
  return {
    ...process.env,
    ...ALONE,
    ...(await terraformEnvironment(terraform, ["aws"], silentProgress)),
    ...moto.environment,
    CI: "true",
    HARBORWRIGHT_ENVIRONMENTS: operator.file,
  };
}

async function harborwright(verb: string, ...options: readonly string[]): Promise<string> {
  return operator.harborwright(await environment(), verb, ...options);
}

const served = NODES.slice(0, 3).map(({ name }) => name);
const onServed = (script: string) => Promise.all(served.map((node) => machines.run(node, script)));

/** Pushes and pulls go on while something is done, and none of them fails. */
async function whileInUse(work: () => Promise<void>): Promise<void> {
  const probes = await Probes.start(await operator.door(machines.entry), { every: 1_000, pushEvery: 4 });
  const [worked] = await Promise.allSettled([work()]);
  const { pulls, pushes } = await probes.stop();
  if (worked.status === "rejected") throw worked.reason;
  expect([pulls.failures, pushes.failures]).toEqual([[], []]);
  expect(pushes.count).toBeGreaterThan(5);
}

async function instanceOf(node: string): Promise<Instance | undefined> {
  const address = NODES.find(({ name }) => name === node)?.address;
  return (await runningInstances(moto)).find((instance) => instance.address === address);
}

async function idOf(node: string): Promise<string> {
  const instance = await instanceOf(node);
  if (instance === undefined) throw new Error(`no instance is ${node}`);
  return instance.id;
}

const statusSchema = z.object({ nodes: z.array(z.object({ name: z.string(), healthy: z.boolean() })) });

/** Which nodes say that they serve. */
async function serving(): Promise<string[]> {
  const [status = ""] = /\{[\s\S]*\}/.exec(await harborwright("status", "--json")) ?? [];
  const { nodes } = statusSchema.parse(JSON.parse(status));
  return nodes.filter(({ healthy }) => healthy).map(({ name }) => name);
}

test("cdktf deploy alone makes a registry out of nothing", { timeout: 900_000 }, async () => {
  await write();
  const env = await environment();
  const output = join(operator.folder, "cdktf.out");
  const cdktf = $({ cwd: PROJECT, env, quiet: true, nothrow: true });
  const deploy = cdktf`npx cdktf deploy whole --auto-approve --skip-provider-lock --output ${output}`;
  const boot = async () => {
    await machines.boot(() => publicKeyOfInstances(moto));
    metadata.keys = await moto.keysOf(await roleOfInstances(moto));
  };
  const [done] = await Promise.all([deploy, boot()]);
  if (done.exitCode !== 0) throw new Error(done.stdout + done.stderr);
  await operator.pushAndPull(machines.entry);
  expect(await serving()).toEqual(served);
});

test("machines whose role has no rights are refused before any of them is changed", { timeout: 300_000 }, async () => {
  const state = () =>
    onServed("find /etc/harborwright /opt/harborwright -printf '%p %T@\\n' | sort; docker ps --quiet");
  const before = await state();
  const { keys } = metadata;
  await moto.makeRole("without-rights");
  metadata.keys = await moto.keysOf("without-rights");
  await write({ front: { hsts: false } });
  const refused = await harborwright("up", "--yes").then(
    () => "",
    (error: unknown) => String(error).replaceAll(/\s+/g, " "),
  );
  await moto.query("iam", "DeleteRole", "RoleName=without-rights");
  metadata.keys = keys;
  for (const node of served) expect(refused).toContain(`${node} cannot write to ${moto.endpoint}`);
  expect(refused).toContain("the role without-rights has no right");
  expect(await state()).toEqual(before);
});

test("one up changes the type of one machine and a setting of every front", { timeout: 900_000 }, async () => {
  const fronts = () => onServed("cat /etc/harborwright/front/nginx.conf");
  const before = await fronts();
  await write({ front: { hsts: false }, sizes: { "node-2": "c7i.2xlarge" } });
  await harborwright("up", "--yes");
  expect((await runningInstances(moto)).filter(({ type }) => type === "c7i.2xlarge")).toHaveLength(1);
  const after = await fronts();
  expect(after.every((text, index) => text !== before[index])).toBe(true);
  await operator.pushAndPull(machines.entry);
});

test("replace makes one machine anew while pushes and pulls go on", { timeout: 900_000 }, async () => {
  const hostKey = () => machines.run("node-2", "cat /etc/ssh/ssh_host_ed25519_key.pub");
  const [before, id] = await Promise.all([hostKey(), idOf("node-2")]);
  const key = (await publicKeyOfInstances(moto)) ?? "";
  await whileInUse(async () => {
    const anew = async () => {
      await untilEnded(moto, id);
      await machines.remake("node-2", key, metadata.redirection);
    };
    await Promise.all([harborwright("replace", "node-2", "--yes"), anew()]);
  });
  expect(await idOf("node-2")).not.toBe(id);
  expect(await hostKey()).not.toBe(before);
  expect(await serving()).toEqual(served);
});

test("scale brings a fourth node and takes it away again while pushes and pulls go on", {
  timeout: 900_000,
}, async () => {
  await whileInUse(async () => {
    await harborwright("scale", "--nodes", "4", "--yes");
    expect(await serving()).toEqual([...served, "node-4"]);
    const id = await idOf("node-4");
    const away = async () => {
      await untilEnded(moto, id);
      await machines.lose("node-4");
    };
    await Promise.all([harborwright("scale", "--nodes", "3", "--yes"), away()]);
  });
  expect(await instanceOf("node-4")).toBeUndefined();
  expect(await serving()).toEqual(served);
});

test("down takes away all that was made in the cloud", { timeout: 900_000 }, async () => {
  await harborwright("down", "--yes", "--delete-data");
  expect(await moto.made()).toEqual({});
});
