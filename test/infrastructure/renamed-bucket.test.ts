import { App } from "cdktf";
import { describe, expect, test } from "vitest";
import { Configuration } from "../../infrastructure/configuration.js";
import { refuseRenamedBucket } from "../../infrastructure/renamed-bucket.js";
import { State } from "../../infrastructure/state.js";
import { isCloud } from "../../spec/cloud/sites.js";
import { type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { AlicloudSiteStack } from "../../stacks/alicloud-site.js";
import { AwsSiteStack } from "../../stacks/aws-site.js";
import { alicloud, aws } from "../spec/environments.js";
import { CONTEXT } from "../stacks/alicloud-stack.js";

/** What Terraform would get for an environment on a cloud. */
function configurationOf(file: EnvironmentFile): Configuration {
  const environment = environmentSchema.parse(file);
  const [site] = environment.sites.filter(isCloud);
  if (site === undefined) throw new RangeError("the environment has no site on a cloud");
  const stack =
    site.provider === "aws"
      ? new AwsSiteStack(new App(), environment, site, CONTEXT)
      : new AlicloudSiteStack(new App(), environment, site, CONTEXT);
  return new Configuration(JSON.stringify(stack.toTerraform()));
}

/** The state of a site that was made from a configuration: the names of its buckets. */
function madeFrom(configuration: Configuration): State {
  return new State(
    JSON.stringify({
      resources: [...configuration.bodies].flatMap(([address, { bucket }]) => {
        const [type, name] = address.split(".");
        return type?.endsWith("_bucket")
          ? [{ mode: "managed", type, name, instances: [{ attributes: { bucket } }] }]
          : [];
      }),
    }),
  );
}

describe.each([
  ["AWS", aws, "prod-frankfurt-registry-example-com"],
  ["Alibaba Cloud", alicloud, "prod-hangzhou-registry-example-com"],
])("the bucket of a site on %s", (_, on, itsOwn) => {
  test("keeps its name: another one is refused with both, and how to take it back", () => {
    const made = madeFrom(configurationOf(on({ bucket: { name: "first-images" } })));
    const renamed = configurationOf(on({ bucket: { name: "second-images" } }));
    expect(() => refuseRenamedBucket(renamed, made)).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({
          code: "infrastructure/bucket-renamed",
          says: expect.stringMatching(/first-images.*second-images/),
          instead: expect.stringContaining("bucket: { name: first-images }"),
        }),
      }),
    );
  });

  test("may lose the name in the file that it would get anyway", () => {
    const made = madeFrom(configurationOf(on({ bucket: { name: itsOwn } })));
    expect(() => refuseRenamedBucket(configurationOf(on()), made)).not.toThrow();
  });

  test("of a site that is not made yet has any name", () => {
    expect(() =>
      refuseRenamedBucket(configurationOf(on({ bucket: { name: "any-images" } })), new State("")),
    ).not.toThrow();
  });
});
