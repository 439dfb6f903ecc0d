import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { $ } from "zx";
import { openInfrastructure } from "../../infrastructure/infrastructure.js";
import { openSecrets } from "../../operations/secret-store.js";
import { stackContext } from "../../operations/stack-context.js";
import { openWorkspace } from "../../operations/workspace.js";
import { isCloud } from "../../spec/cloud/sites.js";
import { silentProgress } from "../../supply/progress.js";
import { ALONE, provideTerraform } from "../../supply/terraform.js";
import { StandInProvider } from "./stand-in/stand-in-provider.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

let folder: string;
let provider: StandInProvider;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-cdktf-"));
  await mkdir(join(folder, "environments"));
  const example = await readFile(join(PROJECT, "environments", "hangzhou.yaml"), "utf8");
  await writeFile(join(folder, "environments", "hangzhou.yaml"), `${example}\ninfrastructure: { bootstrap: false }\n`);
  provider = await StandInProvider.start();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  provider.stop();
  await rm(folder, { recursive: true });
});

/** What cdktf says, with escapes for the terminal. */
async function cdktf(...words: readonly string[]): Promise<string> {
  const terraform = await provideTerraform("terraform", silentProgress);
  const env = {
    ...process.env,
    ...ALONE,
    ...(await provider.environment(terraform)),
    CI: "true",
    HARBORWRIGHT_ENVIRONMENTS: join(folder, "environments", "hangzhou.yaml"),
    HARBORWRIGHT_IDENTITY: join(folder, "identity.txt"),
  };
  const output = join(folder, "cdktf.out");
  const done = await $({ cwd: PROJECT, env, quiet: true })`npx cdktf ${words} --output ${output}`;
  return done.stdout;
}

test("cdktf deploys a site, finds nothing to change, and harborwright goes on from the same state", async () => {
  await cdktf("deploy", "hangzhou", "--auto-approve", "--skip-provider-lock");
  expect(provider.cloud.of("alicloud_instance")).toHaveLength(4);
  expect(await cdktf("diff", "hangzhou", "--skip-provider-lock")).toContain("No changes");

  const state = join(folder, "environments", ".harborwright", "hangzhou");
  expect((await stat(state)).mode & 0o077).toBe(0);
  vi.stubEnv("HARBORWRIGHT_IDENTITY", join(folder, "identity.txt"));
  const workspace = await openWorkspace(join(folder, "environments", "hangzhou.yaml"));
  const [site] = workspace.environment.sites.filter(isCloud);
  if (site === undefined) throw new Error("no site");
  const infrastructure = await openInfrastructure(workspace.environment, site, {
    context: await stackContext(workspace, await openSecrets(workspace)),
    workFolder: join(state, "terraform"),
    progress: silentProgress,
    env: await provider.environment(await provideTerraform("terraform", silentProgress)),
  });
  expect(await infrastructure.plan()).toEqual({ site: "hangzhou", changes: [], isEmpty: true });
  expect(Object.keys((await infrastructure.outputs())?.nodes ?? {})).toEqual(["node-1", "node-2", "node-3"]);
});
