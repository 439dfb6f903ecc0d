import { describe, expect, test } from "vitest";
import { siteOutputsSchema } from "../../spec/cloud/outputs.js";
import { documentIn, type Template } from "../constructs/template.js";
import { minio } from "../spec/environments.js";
import { awsTemplate } from "./aws-stack.js";

const BUCKET = "aws_s3_bucket";
const ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const OWN_BUCKET = { kind: "s3", bucket: "images-we-have", region: "eu-west-1", credentials: "instance-role" } as const;

function sections({ json }: Template) {
  return JSON.parse(json);
}

/** What the registry's identity may do, as text. */
function rights(template: Template): string {
  return String(template.resource("aws_iam_role_policy", "identity/registry-storage").policy);
}

describe("the provider", () => {
  const [provider] = sections(
    awsTemplate({ tags: { team: `\${platform}` }, providerArguments: { max_retries: 3, profile: "ops" } }),
  ).provider.aws;

  test("puts the site's tags on everything, as they were written", () => {
    expect(provider.default_tags).toEqual([
      { tags: { team: `$\${platform}`, "harborwright:environment": "prod", "harborwright:site": "frankfurt" } },
    ]);
  });

  test("takes the site's own arguments, and is of the version that this was tested with", () => {
    expect(provider).toMatchObject({ region: "eu-central-1", max_retries: 3, profile: "ops" });
    expect(sections(awsTemplate()).terraform.required_providers.aws.version).toBe("5.100.0");
  });
});

describe("the outputs", () => {
  test("have the shape that the rest of the program reads", () => {
    const template = awsTemplate();
    const outputs = siteOutputsSchema.parse(sections(template).output.site.value);
    expect(Object.keys(outputs.nodes)).toEqual(["node-1", "node-2", "node-3"]);
    expect(outputs).toEqual({
      nodes: expect.objectContaining({ "node-2": { id: template.reference("aws_instance", "hosts/node-2", "id") } }),
      entry: template.reference("aws_lb", "entry/balancer", "dns_name"),
      bastion: template.reference("aws_eip", "bastion/address", "public_ip"),
      bucket: template.reference(BUCKET, "store/images/bucket", "bucket"),
    });
  });

  test("tell the public addresses of nodes that have them, and no bastion", () => {
    const template = awsTemplate({ access: { from: "direct" } });
    const { nodes, bastion } = siteOutputsSchema.parse(sections(template).output.site.value);
    expect(nodes["node-1"]?.publicAddress).toBe(template.reference("aws_eip", "hosts/node-1-address", "public_ip"));
    expect(bastion).toBeUndefined();
  });
});

describe("access", () => {
  test("over a bastion is the default, and nodes have no public address", () => {
    expect(Object.keys(awsTemplate().resources("aws_eip"))).toEqual([
      "network/nat-address-eu-central-1a",
      "bastion/address",
    ]);
  });

  test("over a bastion is of the nodes' own image, where they have one, for its user is that of the nodes", () => {
    const own = { image: "ami-0123456789abcdef0", size: "c7g.xlarge", user: "ops" };
    expect(awsTemplate({ nodes: own }).resource("aws_instance", "bastion/machine")).toMatchObject({
      ami: own.image,
      instance_type: "t4g.nano",
    });
    expect(awsTemplate().resource("aws_instance", "bastion/machine").instance_type).toBe("t3.nano");
  });

  test("to nodes with public addresses needs neither bastion nor NAT", () => {
    const template = awsTemplate({ access: { from: "direct" } });
    expect(Object.keys(template.resources("aws_instance"))).toEqual(["hosts/node-1", "hosts/node-2", "hosts/node-3"]);
    expect(template.resources("aws_nat_gateway")).toEqual({});
  });

  test("from inside makes no way in", () => {
    const template = awsTemplate({ access: { from: "private" } });
    expect(Object.keys(template.resources("aws_eip"))).toEqual(["network/nat-address-eu-central-1a"]);
  });

  test("by session opens no port for SSH, and gives the machines the right to answer", () => {
    const template = awsTemplate({ access: { from: "session" } });
    const ports = Object.values(template.resources("aws_vpc_security_group_ingress_rule")).map(
      (rule) => rule.from_port,
    );
    expect(ports).not.toContain(22);
    expect(template.resource("aws_iam_role_policy", "identity/sessions").policy).toContain("ssmmessages:");
    expect(template.resource("aws_instance", "hosts/node-1").user_data).toBeDefined();
  });
});

describe("images", () => {
  test("are in the site's bucket, which machines open with their role and without a key", () => {
    const template = awsTemplate();
    expect(rights(template)).toContain(`${template.reference(BUCKET, "store/images/bucket", "arn")}/registry/*`);
    expect(template.resource("aws_instance", "hosts/node-1").iam_instance_profile).toBe(
      template.reference("aws_iam_instance_profile", "identity/profile", "name"),
    );
    expect(template.json).not.toMatch(/aws_iam_access_key|PRIVATE KEY/);
  });

  test("that are elsewhere need no bucket and no right", () => {
    const template = awsTemplate({ logs: { audit: false } }, { storage: minio });
    expect(template.resources(BUCKET)).toEqual({});
    expect(template.addresses.filter((address) => address.startsWith("aws_iam_role_policy identity"))).toEqual([]);
    expect(Object.keys(template.resources("aws_cloudwatch_metric_alarm"))).not.toContain("alarms/bucket-size");
  });

  test("in a bucket that somebody has are opened by the same role, in that bucket's region", () => {
    const template = awsTemplate({}, { storage: { ...OWN_BUCKET, kmsKey: "alias/images", prefix: "/deep/registry" } });
    expect(rights(template)).toContain(":s3:::images-we-have/deep/registry/*");
    expect(rights(template)).toContain("s3.eu-west-1.");
    expect(Object.keys(template.dataSources("aws_kms_key"))).toEqual(["bucket-key"]);
  });

  test("can be carried to no bucket but the site's own", () => {
    const endpoint = awsTemplate({ bucket: { name: "images-of-example" } }).resource(
      "aws_vpc_endpoint",
      "network/storage-endpoint",
    );
    expect(endpoint.policy).toContain(":s3:::images-of-example/*");
  });
});

describe("the keys", () => {
  function encryptedBy(template: Template) {
    const [disk] = [template.resource("aws_instance", "hosts/node-1").root_block_device].flat();
    const rule = template.resource(
      "aws_s3_bucket_server_side_encryption_configuration",
      "store/images/encryption",
    ).rule;
    return { disk: Object(disk).kms_key_id, images: JSON.stringify(rule) };
  }

  test("one of the site encrypts images and disks, and no service can use it by itself", () => {
    const template = awsTemplate();
    const key = template.reference("aws_kms_key", "key/key", "arn");
    expect(encryptedBy(template)).toMatchObject({ disk: key, images: expect.stringContaining(key) });
    expect(template.resource("aws_kms_key", "key/key").policy).not.toContain("Service");
  });

  test("another encrypts what is written down, and opens no image", () => {
    const template = awsTemplate();
    const key = template.reference("aws_kms_key", "records-key/key", "arn");
    expect(template.resource("aws_cloudwatch_log_group", "logs/flows").kms_key_id).toBe(key);
    expect(template.resource("aws_sns_topic", "alarms/topic").kms_master_key_id).toBe(key);
    expect(rights(template)).not.toContain(key);
  });

  test("can be one that somebody has, or the services' own", () => {
    const key = "arn:aws:kms:eu-central-1:123456789012:key/1234";
    expect(encryptedBy(awsTemplate({ bucket: { key } }))).toMatchObject({
      disk: key,
      images: expect.stringContaining(key),
    });
    const { disk, images } = encryptedBy(awsTemplate({ bucket: { key: "service" } }));
    expect(disk).toBeUndefined();
    expect(images).toContain("AES256");
  });
});

describe("the entry", () => {
  test("shows a certificate of ACM that is watched, when the balancer ends TLS", () => {
    const template = awsTemplate({ entry: { kind: "alb", tls: "balancer" }, certificate: { from: "acm", arn: ARN } });
    expect(template.resource("aws_lb_listener", "entry/listener")).toMatchObject({ certificate_arn: ARN });
    expect(template.resource("aws_cloudwatch_metric_alarm", "alarms/certificate-days")).toMatchObject({
      dimensions: { CertificateArn: ARN },
      threshold: 21,
    });
  });

  test("of a registry that asks for passwords keeps no layer in the CDN", () => {
    const cdn = { hostname: "cdn.example.com", certificate: ARN };
    const policies = (registry: Parameters<typeof awsTemplate>[1]) =>
      Object.keys(awsTemplate({ cdn }, registry).resources("aws_cloudfront_cache_policy"));
    expect(policies({})).toEqual([]);
    expect(policies({ authentication: { kind: "none" }, mirror: { upstream: "https://docker.io" } })).toHaveLength(1);
  });
});

describe("protection", () => {
  function protectedParts(template: Template) {
    return {
      machine: template.resource("aws_instance", "hosts/node-1").disable_api_termination,
      balancer: template.resource("aws_lb", "entry/balancer").enable_deletion_protection,
      bucket: template.resource(BUCKET, "store/images/bucket").force_destroy === false,
      key: Object(template.resource("aws_kms_key", "key/key").lifecycle).prevent_destroy,
      audit: template.resource(BUCKET, "audit/files/bucket").force_destroy === false,
    };
  }

  test("holds everything, until it is lifted for what can be made again, or for the images too", () => {
    const all = { machine: true, balancer: true, bucket: true, key: true, audit: true };
    const images = { machine: false, balancer: false, bucket: true, key: true, audit: false };
    expect(protectedParts(awsTemplate())).toEqual(all);
    expect(protectedParts(awsTemplate({}, {}, { lifted: "site" }))).toEqual(images);
    expect(protectedParts(awsTemplate({}, {}, { lifted: "data" }))).toEqual({ ...images, bucket: false, key: false });
  });

  test("can be left away by the file, but not for the images", () => {
    expect(protectedParts(awsTemplate({ nodes: { protect: false } }))).toMatchObject({ machine: false, bucket: true });
  });
});

describe("a deployment", () => {
  const bootstrap = { command: "harborwright up prod --from-deploy", folder: "/work", digest: "1234" };

  test("ends with a cluster, once machines, rights, bucket and balancer are there", () => {
    const { terraform_data } = sections(awsTemplate({}, {}, { bootstrap })).resource;
    const [step] = Object.values<{ depends_on: string[]; provisioner: unknown }>(terraform_data).filter(
      ({ provisioner }) => provisioner !== undefined,
    );
    expect(JSON.stringify(step?.provisioner)).toContain(bootstrap.command);
    const types = new Set(step?.depends_on.map((address) => address.split(".")[0]));
    expect([...types]).toEqual(
      expect.arrayContaining([
        "aws_instance",
        "aws_iam_role_policy",
        "aws_s3_bucket_policy",
        "aws_lb_listener",
        "aws_route",
      ]),
    );
  });

  test("waits for no alarm and no log", () => {
    const { terraform_data } = sections(awsTemplate({}, {}, { bootstrap })).resource;
    expect(JSON.stringify(terraform_data)).not.toMatch(/aws_cloudwatch|aws_cloudtrail|aws_budgets/);
  });
});

test("a policy that stands in the stack can be read by AWS", () => {
  const { resource } = sections(awsTemplate());
  const policies = [
    ...Object.values<{ policy: unknown }>(resource.aws_s3_bucket_policy),
    ...Object.values<{ policy: unknown }>(resource.aws_iam_role_policy),
    ...Object.values<{ policy: unknown }>(resource.aws_kms_key),
  ].map(({ policy }) => documentIn(policy));
  for (const policy of policies) expect(policy).toMatchObject({ Version: "2012-10-17", Statement: expect.any(Array) });
});

describe("requests to the balancer", () => {
  const acm = { certificate: { from: "acm", arn: ARN } } as const;
  const loggedIn = (site: Parameters<typeof awsTemplate>[0]) => {
    const template = awsTemplate(site);
    const bucket = template.reference(BUCKET, "store/access-log/bucket", "bucket");
    const { access_logs, depends_on } = template.resource("aws_lb", "entry/balancer");
    return { access_logs, depends_on, expected: { bucket, prefix: "balancer", enabled: true } };
  };

  test.each(["nlb", "alb"] as const)("are written beside those to the bucket, when an %s ends TLS", (kind) => {
    const { access_logs, depends_on, expected } = loggedIn({ entry: { kind, tls: "balancer" }, ...acm });
    expect(access_logs).toEqual(expected);
    expect(depends_on).toEqual([expect.stringMatching(/^aws_s3_bucket_policy\.store_access-log_policy_/)]);
  });

  test("are nowhere when it passes connections on, or nothing is written down", () => {
    expect(awsTemplate().resource("aws_lb", "entry/balancer")).not.toHaveProperty("access_logs");
    const silent = awsTemplate({ entry: { kind: "alb", tls: "balancer" }, ...acm, bucket: { accessLog: false } });
    expect(silent.resource("aws_lb", "entry/balancer")).not.toHaveProperty("access_logs");
  });
});
