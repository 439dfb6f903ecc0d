import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { $ } from "zx";
import { MotoServer } from "./moto/moto-server.js";

const TSX = fileURLToPath(new URL("../../node_modules/.bin/tsx", import.meta.url));
const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

const FILE = `environment: prod
registry:
  hostname: registry.example.com
sites:
  - name: prod
    provider: aws
    region: eu-central-1
    # append only
    zones: [eu-central-1a, eu-central-1b, eu-central-1c]
    network: { operators: [203.0.113.0/24], clients: [0.0.0.0/0] }
    providerArguments: { s3_use_path_style: true }
`;

const planSchema = z.object({
  changes: z.boolean(),
  infrastructure: z.array(z.string()),
  resources: z.array(z.object({ path: z.string(), action: z.string(), node: z.string().nullable() })),
  hosts: z.array(z.object({ node: z.string(), actions: z.array(z.object({ kind: z.string() })) })),
});
const doctorSchema = z.object({
  ok: z.boolean(),
  findings: z.array(z.object({ check: z.string(), state: z.string(), says: z.string() })),
});

let moto: MotoServer;
let folder: string;
let file: string;
beforeAll(async () => {
  moto = await MotoServer.start();
  folder = await mkdtemp(join(tmpdir(), "harborwright-commands-"));
  await mkdir(join(folder, "environments"));
  file = join(folder, "environments", "prod.yaml");
  await writeFile(file, FILE);
});
afterAll(async () => {
  await moto.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the program as an operator of this folder would, with keys of the AWS on this machine. */
async function harborwright(...args: string[]) {
  const env = { ...process.env, ...moto.environment, HARBORWRIGHT_IDENTITY: join(folder, "identity.txt") };
  const ran = await $({ quiet: true, nothrow: true, cwd: folder, env, input: "" })`${TSX} ${MAIN} ${args}`;
  return { code: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr };
}

test("doctor finds nothing in the way where there is nothing", async () => {
  const { code, stdout } = await harborwright("doctor", "prod", "--json");
  const { ok, findings } = doctorSchema.parse(JSON.parse(stdout));
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(["ssh", "engine", "credentials", "clock", "zones", "sizes", "image", "addresses"]),
  );
});

test("doctor names a zone without the instance type, and up stops at it before Terraform begins", async () => {
  await writeFile(file, `${FILE}    nodes: { size: x9z.24xlarge }\n`);
  const found = await harborwright("doctor", "prod");
  expect(found.code).toBe(1);
  expect(found.stdout).toContain("do not have x9z.24xlarge");
  const up = await harborwright("up", "prod", "--yes");
  expect(up.code).toBe(1);
  expect(up.stderr).toContain("doctor/sizes");
  expect(await moto.made()).toEqual({});
  await writeFile(file, FILE);
});

test("a plan of what is not made yet shows both halves, makes nothing, and writes no secret", async () => {
  const { code, stdout } = await harborwright("plan", "prod", "--json");
  const plan = planSchema.parse(JSON.parse(stdout));
  expect(code).toBe(2);
  expect(new Set(plan.resources.map(({ action }) => action))).toEqual(new Set(["create"]));
  expect(plan.resources.map(({ path }) => path)).toContain("hosts/node-3");
  expect(plan.infrastructure).toHaveLength(plan.resources.length);
  expect(plan.hosts.map(({ node }) => node)).toEqual(["node-1", "node-2", "node-3"]);
  expect(plan.hosts[0]?.actions.map(({ kind }) => kind)).toContain("install-runtime");
  expect(await moto.made()).toEqual({});
  expect(await readdir(join(folder, "environments"))).toEqual([".harborwright", "prod.yaml"]);
});

test("scale and resize show what the changed file would make, and leave the file as it is until it is agreed to", async () => {
  const dry = await harborwright("scale", "prod", "--nodes", "5", "--dry-run");
  expect(dry.code).toBe(0);
  expect(dry.stderr).toContain("node-5");
  const declined = await harborwright("resize", "prod", "--size", "c7i.2xlarge");
  expect(declined.code).toBe(1);
  expect(declined.stderr).toContain("cli/needs-yes");
  expect(await readFile(file, "utf8")).toBe(FILE);
});

test("commands that need hosts say that there are none yet, without asking Terraform", async () => {
  const status = await harborwright("status", "prod");
  expect(status.code).toBe(1);
  expect(status.stderr).toContain("cloud/not-made");
});
