import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { siteOutputsSchema } from "../../spec/cloud/outputs.js";
import { silentProgress } from "../../supply/progress.js";
import { provideTerraform, type TerraformEngine } from "../../supply/terraform.js";
import { type CloudFile, ExampleSite, examplesOn } from "./example-site.js";
import type { StandInCloud } from "./stand-in/stand-in-cloud.js";
import { StandInProvider } from "./stand-in/stand-in-provider.js";
import { TerraformRun, told } from "./terraform-run.js";

const examples = (await examplesOn("alicloud")).map((file) => ({ name: basename(file, ".yaml"), file }));
const shortest = examples.filter(({ name }) => name === "hangzhou");
const runs = [
  ...examples.map((example) => ({ ...example, engine: "terraform" as const })),
  ...shortest.map((example) => ({ ...example, engine: "opentofu" as const })),
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-stand-in-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface OnStandIn {
  readonly cloud: StandInCloud;
  readonly example: ExampleSite;
  readonly terraform: TerraformRun;
}

/** Does something with an example in a cloud of its own, in which nothing is yet. */
async function onStandIn(file: string, engine: TerraformEngine, what: (on: OnStandIn) => Promise<void>): Promise<void> {
  const provider = await StandInProvider.start();
  try {
    const program = await provideTerraform(engine, silentProgress);
    const example = await ExampleSite.of(file, await mkdtemp(join(folder, `${engine}-`)));
    const terraform = new TerraformRun(program, example.folder, await provider.environment(program));
    await example.synthesize();
    await terraform.init();
    await what({ cloud: provider.cloud, example, terraform });
  } finally {
    provider.stop();
  }
}

function resized(node: string, size: string) {
  return (site: CloudFile): CloudFile => {
    if (site.provider !== "alicloud") return site;
    return { ...site, nodes: { ...site.nodes, sizes: { ...site.nodes?.sizes, [node]: size } } };
  };
}

test.concurrent.for(runs)(
  "$name by $engine: made, nothing left to do, one machine resized in place, protected, and gone without a trace",
  ({ file, engine }) =>
    onStandIn(file, engine, async ({ cloud, example, terraform }) => {
      await terraform.apply();
      expect(await terraform.plan()).toEqual({});

      const { nodes, bucket, storageKey } = siteOutputsSchema.parse(await terraform.output("site"));
      const made = cloud.of("alicloud_instance").map((thing) => thing.id);
      expect(made).toEqual(expect.arrayContaining(Object.values(nodes).map((node) => node.id)));
      expect(storageKey?.encryptedSecret).toBeTruthy();

      await example.synthesize({ site: resized("node-1", "ecs.g8i.2xlarge") });
      const changes = await terraform.plan();
      expect(Object.values(changes)).toEqual(["update"]);
      expect(Object.keys(changes)).toEqual([expect.stringMatching(/^alicloud_instance\.hosts_node-1_/)]);
      await terraform.apply();
      expect(await terraform.plan()).toEqual({});

      cloud.fill(bucket ?? "");
      expect(told((await terraform.tryDestroy()).diagnostics)).toContain("DeletionProtection");
      await example.synthesize({ lifted: "data" });
      await terraform.apply();
      await terraform.destroy();
      expect(cloud.things).toEqual([]);
    }),
);
