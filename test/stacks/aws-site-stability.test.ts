import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { awsSites } from "../arbitrary/cloud-site.js";
import { type AwsFile, awsTemplate, templateOf } from "./aws-stack.js";
import { byAddress } from "./by-address.js";

const ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

/**
 * Arguments that a resource cannot change: with another value it is deleted and made anew. Only types whose resources
 * hold something, whose address or name others know, or that others cannot do without.
 */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  aws_acm_certificate: ["domain_name"],
  aws_cloudfront_distribution: [],
  aws_cloudtrail: ["name"],
  aws_cloudwatch_log_group: ["name"],
  aws_eip: ["domain"],
  aws_iam_role: ["name"],
  aws_instance: ["subnet_id", "private_ip", "key_name", "placement_group", "root_block_device.kms_key_id"],
  aws_key_pair: ["key_name"],
  aws_kms_key: [],
  aws_lb: ["name", "internal", "load_balancer_type"],
  aws_lb_target_group: ["name", "port", "protocol", "target_type"],
  aws_nat_gateway: ["allocation_id", "subnet_id"],
  aws_placement_group: ["name", "strategy"],
  aws_route53_zone: ["name"],
  aws_s3_bucket: ["bucket"],
  aws_security_group: ["name", "description"],
  aws_sns_topic: ["name"],
  aws_subnet: ["availability_zone", "cidr_block"],
  aws_vpc: ["cidr_block"],
};

/** Sites that between them have everything that must stay. */
const SITES: Readonly<Record<string, Partial<AwsFile>>> = {
  bastion: { cdn: { hostname: "cdn.example.com", certificate: ARN } },
  direct: { access: { from: "direct" }, dns: { zone: "example.com", private: true } },
  alb: { entry: { kind: "alb", tls: "balancer" }, certificate: { from: "acm" }, dns: { zone: "example.com" } },
};

/**
 * What deployed sites have in their states. A difference means that everybody's images, keys or addresses would be
 * deleted: mend the change, not the file. What is new may be added to it.
 */
const DEPLOYED: unknown = JSON.parse(readFileSync(new URL("aws-deployed.json", import.meta.url), "utf8"));

/** What must stay of a site: its address in the state, and what cannot be changed about it. */
function staying(site: Partial<AwsFile>): Record<string, Record<string, unknown>> {
  const all = [...byAddress(awsTemplate(site))].flatMap(([address, body]) => {
    const fixed = FIXED[address.slice(0, address.indexOf("."))];
    if (fixed === undefined) return [];
    const values = fixed.map((path) => [path, valueIn(body, path)] as const).filter(([, value]) => value !== undefined);
    return [[address, Object.fromEntries(values)] as const];
  });
  return Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Sites get as many nodes as a test wants. */
const SETTING = { version: "3.1", provider: "aws", nodes: 1 } as const;
const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

/** The value at a path; a block may stand in a list of one. */
function valueIn(body: Readonly<Record<string, unknown>>, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => Object([value].flat()[0])[name], body);
}

/** Milliseconds: dozens of stacks are made. */
const SLOW = 60_000;

/** Lists that grow with the zones, and whose resources are changed in place. */
const GROWS: Readonly<Record<string, string>> = { aws_lb: "subnets", aws_vpc_endpoint: "route_table_ids" };

describe("of a site that is deployed", () => {
  test.each(Object.entries(SITES))("whatever holds something stays what it is: %s", (name, site) => {
    expect({ [name]: staying(site) }).toEqual({ [name]: Object(DEPLOYED)[name] });
  });

  test(
    "a new node changes nothing that is there",
    () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 8 }), awsSites(SETTING), (count, site) => {
          const withNodes = (nodes: number) => bodiesOf({ ...site, nodes: { ...site.nodes, count: nodes } });
          const after = withNodes(count + 1);
          for (const [address, body] of withNodes(count))
            expect({ address, ...after.get(address) }).toEqual({ address, ...body });
          const machines = [...after.keys()].filter((address) => address.startsWith("aws_instance.hosts_"));
          expect(machines).toHaveLength(count + 1);
        }),
        { numRuns: 6 },
      );
    },
    SLOW,
  );

  test(
    "a new zone changes nothing that is there, but for lists that grow at their end",
    () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 2 }), awsSites(SETTING), (count, site) => {
          // No more nodes than zones: others would move to the new one, as the file says they shall.
          const inZones = (zones: string[]) => bodiesOf({ ...site, zones, nodes: { ...site.nodes, count } });
          const after = inZones(ZONES);
          for (const [address, body] of inZones(ZONES.slice(0, 2))) {
            const list = GROWS[address.slice(0, address.indexOf("."))] ?? "";
            const { [list]: before, ...rest } = body;
            const { [list]: grown, ...others } = after.get(address) ?? {};
            expect({ address, ...others }).toEqual({ address, ...rest });
            if (Array.isArray(before)) expect(grown).toEqual(expect.arrayContaining(before));
          }
        }),
        { numRuns: 6 },
      );
    },
    SLOW,
  );
});

function bodiesOf(site: AwsFile) {
  return byAddress(templateOf({ environment: "prod", registry: { hostname: "registry.example.com" }, sites: [site] }));
}
