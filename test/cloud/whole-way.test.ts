import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { $ } from "zx";
import type { EnvironmentFile } from "../../spec/environment.js";
import { silentProgress } from "../../supply/progress.js";
import { ALONE, provideTerraform } from "../../supply/terraform.js";
import { terraformEnvironment } from "../../supply/terraform-environment.js";
import { MetadataService } from "./metadata-service.js";
import { MotoServer } from "./moto/moto-server.js";
import { Machines } from "./whole-way/machines.js";
import { Operator, PROJECT } from "./whole-way/operator.js";

const CIDR = "198.18.47.0/24";
const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const HOSTNAME = "registry.whole.example.com";

let operator: Operator;
let machines: Machines;
let moto: MotoServer;
let metadata: MetadataService;

beforeAll(async () => {
  operator = await Operator.make("whole");
  vi.stubEnv("HARBORWRIGHT_IDENTITY", operator.identity.HARBORWRIGHT_IDENTITY);
  const stateFolder = join(operator.folder, "machines");
  machines = await Machines.start({ name: "machines", cidr: CIDR, zones: ZONES, hostname: HOSTNAME, stateFolder });
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

async function harborwright(verb: string, ...options: readonly string[]): Promise<string> {
  return operator.harborwright(await environment(), verb, ...options);
}

test("cdktf deploy alone makes a registry out of nothing", { timeout: 900_000 }, async () => {
  await write();
  const env = await environment();
  const output = join(operator.folder, "cdktf.out");
  const cdktf = $({ cwd: PROJECT, env, quiet: true, nothrow: true });
  const deploy = cdktf`npx cdktf deploy whole --auto-approve --skip-provider-lock --output ${output}`;
  const [done] = await Promise.all([deploy, machines.boot(publicKeyOfNodes)]);
  if (done.exitCode !== 0) throw new Error(done.stdout + done.stderr);
  await operator.pushAndPull(machines.entry);
  expect(await harborwright("status")).toContain("node-3");
});

test("one up changes the type of one machine and a setting of every front", { timeout: 900_000 }, async () => {
  const fronts = () => machines.runOnEach("cat /etc/harborwright/front/nginx.conf");
  const before = await fronts();
  await write({ front: { hsts: false }, sizes: { "node-2": "c7i.2xlarge" } });
  await harborwright("up", "--yes");
  expect((await ec2("DescribeInstances")).match(/<instanceType>c7i\.2xlarge</g)).toHaveLength(1);
  const after = await fronts();
  expect(after.every((text, index) => text !== before[index])).toBe(true);
  await operator.pushAndPull(machines.entry);
});

test("down takes away all that was made in the cloud", { timeout: 900_000 }, async () => {
  await harborwright("down", "--yes", "--delete-data");
  expect(await moto.made()).toEqual({});
});
