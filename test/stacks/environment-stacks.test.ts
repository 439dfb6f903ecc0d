import { readFile } from "node:fs/promises";
import { App, Testing } from "cdktf";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isCloud } from "../../spec/cloud/sites.js";
import type { Environment } from "../../spec/environment.js";
import { parseEnvironment } from "../../spec/parse.js";
import type { StackContext } from "../../stacks/context.js";
import { addStacks } from "../../stacks/environment-stacks.js";
import { exampleFiles } from "../spec/example-files.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

const CONTEXT: StackContext = {
  sshPublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUHtHbcR5dzpVaWnF6fQeKqOAbGJlVEyzlOB3wkPcXs operators",
  stateFolder: "/srv/environments/.harborwright/example",
  storageKeyRecipient: "mI0EAAAAAAEEAA==",
  bootstrap: { command: "harborwright up example.yaml --from-deploy", folder: "/srv", digest: "0" },
};

async function environmentIn(file: string): Promise<Environment> {
  return parseEnvironment(await readFile(file, "utf8"), file);
}

async function synthesized(environment: Environment): Promise<Record<string, string>> {
  const stacks = await addStacks(new App(), environment, () => CONTEXT);
  return Object.fromEntries(stacks.map((stack) => [stack.node.id, Testing.synth(stack, true)]));
}

// Loaded here, where there is no limit of time: the classes of both clouds take seconds on a busy machine.
await Promise.all([import("../../stacks/aws-site.js"), import("../../stacks/alicloud-site.js")]);
const files = await exampleFiles();
const environments = await Promise.all(files.map(environmentIn));
const inClouds = environments.filter(({ sites }) => sites.some(isCloud));

describe.each(inClouds.map((environment) => [environment.environment, environment] as const))(
  "the example %s",
  (_, environment) => {
    test("becomes a stack that tells of its machines, the same every time", async () => {
      const once = await synthesized(environment);
      expect(await synthesized(environment)).toEqual(once);
      const [text = "{}"] = Object.values(once);
      const { output, resource } = JSON.parse(text);
      const [site] = environment.sites.filter(isCloud);
      expect(Object.keys(output.site.value.nodes)).toHaveLength(site?.nodes.count ?? 0);
      expect(resource.terraform_data).toHaveProperty("bootstrap");
    });
  },
);

test("a stack is made where there is no Terraform", async () => {
  vi.stubEnv("PATH", "/nowhere");
  for (const environment of inClouds) expect(Object.keys(await synthesized(environment))).toHaveLength(1);
});

test("there are examples for both clouds", () => {
  const clouds = inClouds.flatMap(({ sites }) => sites.map(({ provider }) => provider));
  expect(new Set(clouds)).toEqual(new Set(["alicloud", "aws"]));
});

test("an environment of machines that are there already has no stack", async () => {
  const others = environments.filter(({ sites }) => !sites.some(isCloud));
  for (const environment of others) expect(await synthesized(environment)).toEqual({});
});
