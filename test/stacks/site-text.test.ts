import { expect, test } from "vitest";
import { isCloud } from "../../spec/cloud/sites.js";
import { parseEnvironment } from "../../spec/parse.js";
import { literalSite } from "../../stacks/site-text.js";
import { fileText } from "../arbitrary/environment.js";
import { alicloud, aws } from "../spec/environments.js";

const term = `\${path.cwd}`;

test.each([
  ["Alibaba Cloud", alicloud],
  ["AWS", aws],
])("on %s what looks like a term of Terraform stays text, but for arguments of the provider", (_cloud, make) => {
  const file = make({ tags: { cost: term }, bucket: { key: term }, providerArguments: { profile: term } });
  const [site] = parseEnvironment(fileText(file), `${file.environment}.yaml`).sites.filter(isCloud);
  expect(site && literalSite(site)).toMatchObject({
    tags: { cost: `$${term}` },
    bucket: { key: `$${term}` },
    providerArguments: { profile: term },
    region: site?.region,
    nodes: site?.nodes,
  });
});
