import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { readKept } from "../../providers/alicloud/schema.js";
import { siteOutputsSchema } from "../../spec/cloud/outputs.js";
import type { Template } from "../constructs/template.js";
import { minio } from "../spec/environments.js";
import { type AlicloudFile, alicloudTemplate, CONTEXT, KEYLESS, templateOf } from "./alicloud-stack.js";
import { byAddress } from "./by-address.js";

const schema = readKept(
  readFileSync(createRequire(import.meta.url).resolve("@cdktf/provider-alicloud/schema.json"), "utf8"),
);

const BALANCERS: readonly Partial<AlicloudFile>[] = [
  { entry: { kind: "nlb" } },
  { entry: { kind: "clb" } },
  { entry: { kind: "alb", tls: "balancer" }, certificate: { from: "alicloud", id: "12345678-cn-hangzhou" } },
];
const EXTRAS: Partial<AlicloudFile> = {
  dns: { zone: "example.com", private: true },
  cdn: { hostname: "cdn.example.com", certificate: "12345678-cn-hangzhou" },
  alarms: { mail: ["ops@example.com"] },
  bucket: { infrequentAfter: "90d" },
  tags: { team: "platform" },
};

/** Sites that between them make every resource that there is; each is made once, for that takes a while. */
const MADE = BALANCERS.flatMap((balancer) =>
  (["bastion", "direct"] as const).map((from) => {
    const entry = `${balancer.entry?.kind} with TLS of the ${balancer.entry?.tls ?? "nodes"}, ${from}`;
    return { entry, bodies: byAddress(alicloudTemplate({ ...EXTRAS, ...balancer, access: { from } })) };
  }),
);

function sections(template: Template) {
  return JSON.parse(template.json);
}

describe("whatever a site is made of", () => {
  test.each(MADE)("its tags are on everything that takes tags: $entry", ({ bodies }) => {
    const tags = { team: "platform", "harborwright:environment": "prod", "harborwright:site": "hangzhou" };
    const taking = [...bodies].filter(([address]) => "tags" in attributesOf(address));
    expect(taking.length).toBeGreaterThan(20);
    for (const [address, { tags: given }] of taking) expect({ address, tags: given }).toEqual({ address, tags });
  });

  test.each(MADE)("it needs nothing that the provider gives up: $entry", ({ bodies }) => {
    for (const [address, body] of bodies) {
      const attributes = attributesOf(address);
      const old = Object.keys(body).filter((name) => attributes[name]?.deprecated);
      expect({ address, old }).toEqual({ address, old: [] });
    }
  });

  test.each(MADE)("no secret is in Terraform's configuration: $entry", ({ bodies }) => {
    expect(JSON.stringify([...bodies])).not.toMatch(/PRIVATE KEY|"(secret|password|secret_key|access_key)":/);
  });
});

function attributesOf(address: string) {
  const type = schema.resources[address.slice(0, address.indexOf("."))];
  if (type === undefined) throw new RangeError(`${address} is not in the schema`);
  return type.block.attributes ?? {};
}

describe("the outputs", () => {
  test("have the shape that the rest of the program reads", () => {
    const template = alicloudTemplate();
    const outputs = siteOutputsSchema.parse(sections(template).output.site.value);
    expect(Object.keys(outputs.nodes)).toEqual(["node-1", "node-2", "node-3"]);
    expect(outputs.nodes["node-2"]).toEqual({ id: template.reference("alicloud_instance", "hosts/node-2", "id") });
    expect(outputs).toMatchObject({
      entry: template.reference("alicloud_nlb_load_balancer", "entry/nlb/balancer", "dns_name"),
      bastion: template.reference("alicloud_eip_address", "bastion/address", "ip_address"),
      bucket: template.reference("alicloud_oss_bucket", "store/images/bucket", "bucket"),
      storageKey: {
        accessKey: template.reference("alicloud_ram_access_key", "identity/key-1", "id"),
        encryptedSecret: template.reference("alicloud_ram_access_key", "identity/key-1", "encrypted_secret"),
      },
    });
  });

  test("tell the public addresses of nodes that have them, and of no bastion", () => {
    const template = alicloudTemplate({ access: { from: "direct" } });
    const { nodes, ...rest } = sections(template).output.site.value;
    expect(nodes["node-1"].publicAddress).toBe(
      template.reference("alicloud_eip_address", "hosts/node-1-address", "ip_address"),
    );
    expect(rest).not.toHaveProperty("bastion");
  });

  test("tell the newest access key while the old one is still there", () => {
    const template = alicloudTemplate({}, {}, { ...CONTEXT, storageKeyGenerations: [3, 4] });
    expect(Object.keys(template.resources("alicloud_ram_access_key"))).toEqual(["identity/key-3", "identity/key-4"]);
    expect(sections(template).output.site.value.storageKey.accessKey).toBe(
      template.reference("alicloud_ram_access_key", "identity/key-4", "id"),
    );
  });
});

describe("access", () => {
  test("over a bastion is the default, and nodes have no public address", () => {
    const template = alicloudTemplate();
    expect(template.resource("alicloud_instance", "bastion/instance").internet_max_bandwidth_out).toBe(0);
    expect(Object.keys(template.resources("alicloud_eip_address"))).not.toContain("hosts/node-1-address");
  });

  test("to nodes with public addresses needs neither bastion nor NAT", () => {
    const template = alicloudTemplate({ access: { from: "direct" } });
    expect(Object.keys(template.resources("alicloud_instance"))).toEqual([
      "hosts/node-1",
      "hosts/node-2",
      "hosts/node-3",
    ]);
    expect(template.resources("alicloud_nat_gateway")).toEqual({});
  });

  test("from inside makes no way in", () => {
    const template = alicloudTemplate({ access: { from: "private" } });
    expect(template.resources("alicloud_eip_address")).not.toHaveProperty("bastion/address");
    expect(Object.keys(template.resources("alicloud_nat_gateway"))).toHaveLength(1);
  });
});

describe("images", () => {
  test("that are elsewhere need no bucket, no key and no user", () => {
    const template = alicloudTemplate({}, { storage: minio }, KEYLESS);
    for (const type of ["alicloud_oss_bucket", "alicloud_kms_key", "alicloud_ram_user"]) {
      expect(template.resources(type)).toEqual({});
    }
    expect(template.resources("alicloud_cms_alarm")).not.toHaveProperty("alarms/bucket-size");
    expect(siteOutputsSchema.parse(sections(template).output.site.value).bucket).toBeUndefined();
  });

  test("are not made when nobody could read the secret of their access key", () => {
    expect(() => alicloudTemplate({}, {}, KEYLESS)).toThrow(/nobody can read the secret/);
  });

  test.each([
    ["own", "KMS"],
    ["12345678-aaaa-bbbb-cccc-1234567890ab", "KMS"],
    ["service", "AES256"],
  ])("are encrypted with the key %s", (key, algorithm) => {
    const template = alicloudTemplate({ bucket: { key } });
    const own = template.addresses.includes("alicloud_kms_key key/key");
    expect(own).toBe(key === "own");
    expect(template.resource("alicloud_oss_bucket_server_side_encryption", "store/images/encryption")).toMatchObject({
      sse_algorithm: algorithm,
      ...(algorithm === "AES256"
        ? {}
        : { kms_master_key_id: own ? template.reference("alicloud_kms_key", "key/key", "id") : key }),
    });
  });

  test("stay protected when the machines are not", () => {
    const template = alicloudTemplate({ nodes: { protect: false } });
    expect(template.resource("alicloud_instance", "hosts/node-1").deletion_protection).toBe(false);
    expect(template.resource("alicloud_oss_bucket", "store/images/bucket").force_destroy).toBe(false);
    expect(template.resource("alicloud_kms_key", "key/key").deletion_protection).toBe("Enabled");
  });

  test("can be deleted by somebody who asks for it by name", () => {
    const template = alicloudTemplate({}, {}, { ...CONTEXT, lifted: "data" });
    expect(template.resource("alicloud_instance", "hosts/node-1").deletion_protection).toBe(false);
    expect(template.resource("alicloud_oss_bucket", "store/images/bucket").force_destroy).toBe(true);
    expect(template.resource("alicloud_kms_key", "key/key").deletion_protection).toBe("Disabled");
  });
});

describe("logs", () => {
  const types = ["alicloud_log_project", "alicloud_vpc_flow_log", "alicloud_actiontrail_trail"] as const;
  test.each([
    [true, true, [1, 1, 1]],
    [true, false, [1, 1, 0]],
    [false, true, [1, 0, 1]],
    [false, false, [0, 0, 0]],
  ])("of flows: %s, of changes in the account: %s", (flowLogs, audit, expected) => {
    const network = { operators: ["203.0.113.0/24"], clients: ["203.0.113.0/24"], flowLogs };
    const template = alicloudTemplate({ network, logs: { audit } });
    expect(types.map((type) => Object.keys(template.resources(type)).length)).toEqual(expected);
  });

  test("have a project whose name is made from the registry's, for it must be unique among all customers", () => {
    const project = alicloudTemplate().resource("alicloud_log_project", "logs/project");
    expect(project.project_name).toBe("prod-hangzhou-registry-example-com-logs");
  });
});

test("the provider gets the region and what the file adds, and no account", () => {
  const providerArguments = { profile: "ops", assume_role: [{ role_arn: "acs:ram::1:role/ops" }] };
  expect(sections(alicloudTemplate({ providerArguments })).provider.alicloud).toEqual([
    { region: "cn-hangzhou", ...providerArguments },
  ]);
});

test("a cluster is made when everything that it needs is there, and does not wait for alarms", () => {
  const bootstrap = { command: "harborwright up prod.yaml --from-deploy", folder: "/work", digest: "1" };
  const { depends_on: waits } = alicloudTemplate({}, {}, { ...CONTEXT, bootstrap }).resource(
    "terraform_data",
    "bootstrap",
  );
  const types = new Set(Array.isArray(waits) ? waits.map((one) => String(one).split(".")[0]) : []);
  expect([...types]).toEqual(
    expect.arrayContaining([
      "alicloud_instance",
      "alicloud_snat_entry",
      "alicloud_nlb_listener",
      "alicloud_oss_bucket",
    ]),
  );
  expect(types).not.toContain("alicloud_cms_alarm");
});

test("the longest names fit", () => {
  const file = { environment: "e".repeat(32), name: "s".repeat(32), hostname: "registry.example.com" };
  const template = templateOf({
    environment: file.environment,
    registry: { hostname: file.hostname },
    sites: [
      {
        name: file.name,
        provider: "alicloud",
        region: "cn-hangzhou",
        zones: ["cn-hangzhou-h", "cn-hangzhou-i"],
        network: { operators: ["203.0.113.0/24"], clients: ["203.0.113.0/24"] },
        alarms: { mail: ["somebody.with.a.long.name@example.com"] },
      },
    ],
  });
  const lengths = {
    bucket: template.resource("alicloud_oss_bucket", "store/images/bucket").bucket,
    log: template.resource("alicloud_oss_bucket", "store/requests/bucket").bucket,
    project: template.resource("alicloud_log_project", "logs/project").project_name,
    user: template.resource("alicloud_ram_user", "identity/user").name,
    trail: template.resource("alicloud_actiontrail_trail", "audit/trail").trail_name,
  };
  const limits = { bucket: 63, log: 63, project: 63, user: 64, trail: 36 };
  for (const [what, name] of Object.entries(lengths)) {
    expect(String(name).length, what).toBeLessThanOrEqual(Reflect.get(limits, what));
  }
});
