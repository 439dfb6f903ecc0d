import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { $ } from "zx";
import { inside } from "../../lab/docker.js";
import { type Lab, openLab } from "../../lab/lab.js";
import { credentials } from "../../operations/credentials.js";
import { verify } from "../../operations/verify.js";
import { openWorkspace } from "../../operations/workspace.js";
import { placeNodes, planSubnets } from "../../spec/cloud/network-plan.js";
import { type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { localContainer } from "../../spec/inventory.js";
import { provideEngine } from "../../supply/engine.js";
import { silentProgress } from "../../supply/progress.js";
import { ALONE, provideTerraform } from "../../supply/terraform.js";
import { terraformEnvironment } from "../../supply/terraform-environment.js";
import { MetadataService } from "./metadata-service.js";
import { MotoServer } from "./moto/moto-server.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
/** The machines get the very addresses that are planned for the instances, so nothing has to lead from one to the other. */
const CIDR = "198.18.47.0/24";
const GATEWAY = "198.18.47.1";
const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const NODES = placeNodes(planSubnets(CIDR, ZONES), 3);
/** Where the test stands in for the balancer, which the cloud made without an address that leads anywhere. */
const ENTRY = "127.0.47.1";
const HOSTNAME = "registry.whole.example.com";

const container = (node: string) => localContainer("machines", node);

let folder: string;
let file: string;
let lab: Lab;
let moto: MotoServer;
let metadata: MetadataService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-whole-"));
  file = join(folder, "environments", "whole.yaml");
  await mkdir(join(folder, "environments"));
  await provideEngine(silentProgress);
  const machines = environmentSchema.parse({
    environment: "machines",
    registry: { hostname: HOSTNAME },
    sites: [{ name: "here", provider: "local", nodes: { memory: "1GiB" }, network: { cidr: CIDR } }],
  });
  lab = openLab(machines, join(folder, "machines"));
  await lab.down({ deleteData: true }, silentProgress);
  await lab.up(undefined, silentProgress);
  moto = await MotoServer.start(GATEWAY);
  metadata = await MetadataService.start(GATEWAY);
  for (const { name, address } of NODES) {
    await inside(container(name), `ip addr add ${address}/24 dev eth0\n${metadata.redirection}`);
  }
  vi.stubEnv("HARBORWRIGHT_IDENTITY", join(folder, "identity.txt"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  metadata.stop();
  await moto.stop();
  await lab.down({ deleteData: true }, silentProgress);
  await rm(folder, { recursive: true });
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
  await writeFile(file, stringify(content));
}

async function environment(): Promise<NodeJS.ProcessEnv> {
  const terraform = await provideTerraform("terraform", silentProgress);
  return {
    ...process.env,
    ...ALONE,
    ...(await terraformEnvironment(terraform, ["aws"], silentProgress)),
    ...moto.environment,
    CI: "true",
    HARBORWRIGHT_ENVIRONMENTS: file,
  };
}

/** Lets a machine in by the key pair that the cloud was given, as its first boot does. */
async function boot(): Promise<void> {
  await expect.poll(() => publicKeyOfNodes(), { timeout: 300_000, interval: 1_000 }).toBeDefined();
  const key = await publicKeyOfNodes();
  for (const { name } of NODES) await inside(container(name), `echo '${key}' >> /root/.ssh/authorized_keys`);
}

async function publicKeyOfNodes(): Promise<string | undefined> {
  const text = await ec2("DescribeKeyPairs", "IncludePublicKey=true");
  return /<publicKey>([^<]+)<\/publicKey>/.exec(text)?.[1]?.trim();
}

/** Asks EC2 something. moto takes every signature for true. */
async function ec2(action: string, ...more: readonly string[]): Promise<string> {
  const scope = "placeholder/20260101/eu-central-1/ec2/aws4_request";
  const answer = await fetch(moto.endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: [`Action=${action}`, "Version=2016-11-15", ...more].join("&"),
  });
  return answer.text();
}

/** The balancer, as far as a client knows it: a connection goes to a node that takes it. */
async function entry(): Promise<Server> {
  const server = createServer((client) => {
    const tryNode = (left: readonly (typeof NODES)[number][]): void => {
      const [node, ...others] = left;
      if (node === undefined) return void client.destroy();
      const upstream = connect(443, node.address);
      upstream.once("connect", () => client.pipe(upstream).pipe(client));
      upstream.once("error", () => (upstream.connecting ? tryNode(others) : client.destroy()));
      client.once("error", () => upstream.destroy());
    };
    tryNode(NODES);
  });
  await new Promise<void>((resolve) => server.listen(443, ENTRY, resolve));
  return server;
}

/** Pushes an image through the entry, pulls it by tag and by digest, and deletes it. */
async function pushAndPull(): Promise<void> {
  const server = await entry();
  try {
    const { username, password, caFile } = await credentials(await openWorkspace(file));
    const address = { hostname: HOSTNAME, address: ENTRY, port: 443, ca: await readFile(caFile, "utf8") };
    const verified = await verify({
      doors: [{ through: "entry", node: false, address: { ...address, credentials: { username, password } } }],
      run: "whole",
      leaveOut: [],
    });
    expect(verified.steps.filter((step) => !step.ok)).toEqual([]);
    expect(verified.steps.map(({ step }) => step)).toEqual(expect.arrayContaining(["push", "pull-by-tag"]));
  } finally {
    server.close();
  }
}

async function harborwright(...words: readonly string[]): Promise<string> {
  const env = await environment();
  const program = join(PROJECT, "bin", "harborwright.mjs");
  const [verb, ...options] = words;
  const ran = await $({ cwd: folder, env, quiet: true, nothrow: true })`node ${program} ${verb} ${file} ${options}`;
  if (ran.exitCode !== 0) throw new Error(`${words.join(" ")} ended with ${ran.exitCode}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout + ran.stderr;
}

test("cdktf deploy alone makes a registry out of nothing", { timeout: 900_000 }, async () => {
  await write();
  const env = await environment();
  const output = join(folder, "cdktf.out");
  const cdktf = $({ cwd: PROJECT, env, quiet: true, nothrow: true });
  const deploy = cdktf`npx cdktf deploy whole --auto-approve --skip-provider-lock --output ${output}`;
  const [done] = await Promise.all([deploy, boot()]);
  if (done.exitCode !== 0) throw new Error(done.stdout + done.stderr);
  await pushAndPull();
  expect(await harborwright("status")).toContain("node-3");
});

test("one up changes the type of one machine and a setting of every front", { timeout: 900_000 }, async () => {
  const fronts = () =>
    Promise.all(NODES.map(({ name }) => inside(container(name), "cat /etc/harborwright/front/nginx.conf")));
  const before = await fronts();
  await write({ front: { hsts: false }, sizes: { "node-2": "c7i.2xlarge" } });
  await harborwright("up", "--yes");
  expect((await ec2("DescribeInstances")).match(/<instanceType>c7i\.2xlarge</g)).toHaveLength(1);
  const after = await fronts();
  expect(after.every((text, index) => text !== before[index])).toBe(true);
  await pushAndPull();
});

test("down takes away all that was made in the cloud", { timeout: 900_000 }, async () => {
  await harborwright("down", "--yes", "--delete-data");
  expect(await moto.made()).toEqual({});
});
