import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { DnsRecord, type DnsRecordProps } from "../../../constructs/aws/dns-record.js";
import { synthesized } from "../template.js";

function record(props: Partial<DnsRecordProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  new DnsRecord(stack, "dns", {
    name: "prod",
    hostname: "registry.example.com",
    zone: "example.com",
    balancer: { address: "prod-1.elb.eu-central-1.amazonaws.com", hostedZone: "Z3F0SRJ5LGBH90" },
    network: { id: "vpc-1", cidr: "10.20.0.0/16", subnet: () => "subnet-1" },
    ...props,
  });
  const template = synthesized(stack);
  return { template, record: template.resource("aws_route53_record", "dns/record") };
}

describe("the record of the registry's name", () => {
  test("is a CNAME that clients keep for five minutes", () => {
    const made = record();
    expect(made.record).toEqual({
      zone_id: made.template.reference("aws_route53_zone", "dns/public-zone", "zone_id"),
      name: "registry.example.com",
      type: "CNAME",
      ttl: 300,
      records: ["prod-1.elb.eu-central-1.amazonaws.com"],
    });
  });

  test("is an alias where the name is the zone's own", () => {
    expect(record({ hostname: "example.com" }).record).toMatchObject({
      type: "A",
      alias: { name: "prod-1.elb.eu-central-1.amazonaws.com", zone_id: "Z3F0SRJ5LGBH90" },
    });
    expect(record({ hostname: "example.com" }).record).not.toHaveProperty("ttl");
  });

  test("in private stands in a zone of that name alone, so that the rest of the domain stays visible", () => {
    const { template, record: made } = record({ private: true });
    expect(template.resource("aws_route53_zone", "dns/private-zone")).toMatchObject({
      name: "registry.example.com",
      vpc: [{ vpc_id: "vpc-1" }],
    });
    expect(made).toMatchObject({
      zone_id: template.reference("aws_route53_zone", "dns/private-zone", "zone_id"),
      type: "A",
      alias: { zone_id: "Z3F0SRJ5LGBH90" },
    });
    expect(template.dataSources("aws_route53_zone")).toEqual({});
  });
});
