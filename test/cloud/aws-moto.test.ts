import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { siteOutputsSchema } from "../../spec/cloud/outputs.js";
import { silentProgress } from "../../supply/progress.js";
import { provideTerraform } from "../../supply/terraform.js";
import { terraformEnvironment } from "../../supply/terraform-environment.js";
import { type CloudFile, ExampleSite, examplesOn } from "./example-site.js";
import { MotoServer } from "./moto/moto-server.js";
import { TerraformRun } from "./terraform-run.js";

const examples = (await examplesOn("aws"))
  .map((file) => ({ name: basename(file, ".yaml"), file }))
  // Its services take minutes by the provider's clocks; data-services-clouds.test.ts makes it, and more of it.
  .filter(({ name }) => name !== "harbor-aws");
/** One of the examples is made by the other program; that they make the same of all is shown on the stand-in. */
const runs = examples.map((example) => ({
  ...example,
  engine: example.name === "aws-session-alb" ? ("opentofu" as const) : ("terraform" as const),
}));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-moto-"));
});
afterAll(() => rm(folder, { recursive: true }));

function resized(node: string, size: string) {
  return (site: CloudFile): CloudFile => {
    if (site.provider !== "aws") return site;
    return { ...site, nodes: { ...site.nodes, sizes: { ...site.nodes?.sizes, [node]: size } } };
  };
}

// Side by side: most of the time the provider waits for its own clocks, 60 s for a balancer, 55 s for a lifecycle.
test.concurrent.for(runs)(
  "$name by $engine: made by the real provider, nothing left to do, one machine resized, and gone without a trace",
  { timeout: 900_000 },
  async ({ file, engine }) => {
    const moto = await MotoServer.start();
    try {
      const { providerArguments } = moto;
      const program = await provideTerraform(engine, silentProgress);
      const example = await ExampleSite.of(file, folder);
      const env = { ...(await terraformEnvironment(program, ["aws"], silentProgress)), ...moto.environment };
      const terraform = new TerraformRun(program, example.folder, env);
      await example.synthesize({ providerArguments });
      await terraform.init();
      expect(await terraform.validate()).toEqual([]);
      expect(await terraform.tryApply()).toEqual({ ok: true, diagnostics: [] });
      expect(await terraform.plan()).toEqual({});
      const { nodes, bucket } = siteOutputsSchema.parse(await terraform.output("site"));
      const made = await moto.made();
      expect(Object.keys(nodes)).toContain("node-2");
      expect(made["s3 FakeBucket"]).toContain(bucket);

      // What the change is about and what lets the site go at the end is one apply: each asks after everything.
      await example.synthesize({ providerArguments, site: resized("node-1", "c7i.4xlarge") });
      const changes = await terraform.plan();
      expect(Object.values(changes)).toEqual(["update"]);
      expect(Object.keys(changes)).toEqual([expect.stringMatching(/^aws_instance\.hosts_node-1_/)]);
      await example.synthesize({ providerArguments, site: resized("node-1", "c7i.4xlarge"), lifted: "data" });
      await terraform.apply();
      expect(await terraform.plan()).toEqual({});
      await terraform.destroy();
      expect(await moto.made()).toEqual({});
    } finally {
      await moto.stop();
    }
  },
);
