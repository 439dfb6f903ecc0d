import { expect, test } from "vitest";
import { DnsRecord, type DnsRecordProps } from "../../../constructs/alicloud/dns-record.js";
import { synthesized } from "../template.js";
import { network } from "./parts.js";
import { schemaFaults } from "./schema-faults.js";
import { alicloudStack } from "./site.js";

const NLB = {
  address: "nlb-1.cn-hangzhou.nlb.aliyuncs.com",
  addresses: new Map([
    ["cn-hangzhou-h", "203.0.113.1"],
    ["cn-hangzhou-i", "203.0.113.2"],
  ]),
};
const CLB = { address: "203.0.113.9", addresses: new Map([["region", "203.0.113.9"]]) };
const NAME_ONLY = { address: "alb-1.cn-hangzhou.alb.aliyuncs.com", addresses: new Map<string, string>() };

function record(props: Partial<DnsRecordProps> = {}) {
  const stack = alicloudStack();
  new DnsRecord(stack, "dns", {
    name: "prod-hangzhou",
    hostname: "registry.example.com",
    zone: "example.com",
    balancer: NLB,
    network,
    ...props,
  });
  return synthesized(stack);
}

test("a name below the zone is an alias of the balancer's name", () => {
  expect(record().resources("alicloud_alidns_record")).toEqual({
    "dns/alias": {
      domain_name: "example.com",
      rr: "registry",
      type: "CNAME",
      value: NLB.address,
      ttl: 300,
      remark: "prod-hangzhou",
    },
  });
});

test("the zone's own name holds the addresses that the balancer keeps", () => {
  const records = record({ hostname: "example.com" }).resources("alicloud_alidns_record");
  expect(Object.entries(records).map(([path, one]) => [path, one.rr, one.type, one.value])).toEqual([
    ["dns/address-cn-hangzhou-h", "@", "A", "203.0.113.1"],
    ["dns/address-cn-hangzhou-i", "@", "A", "203.0.113.2"],
  ]);
});

test("a balancer without a name is found by its address", () => {
  expect(record({ balancer: CLB, ttl: 600 }).resource("alicloud_alidns_record", "dns/address-region")).toMatchObject({
    rr: "registry",
    type: "A",
    value: "203.0.113.9",
    ttl: 600,
  });
});

test("the zone's own name is refused when no address lasts", () => {
  expect(() => record({ hostname: "example.com", balancer: NAME_ONLY })).toThrow(
    "example.com is the zone itself, and the balancer has no address that lasts; a name below it: registry.example.com",
  );
});

test("a private zone is seen by the site's network alone, and hides no other name of the zone", () => {
  const template = record({ private: true });
  const zone = template.reference("alicloud_pvtz_zone", "dns/zone", "id");
  expect(template.resource("alicloud_pvtz_zone", "dns/zone")).toMatchObject({
    zone_name: "example.com",
    proxy_pattern: "RECORD",
  });
  expect(template.resource("alicloud_pvtz_zone_attachment", "dns/network")).toEqual({
    zone_id: zone,
    vpc_ids: ["vpc-1"],
  });
  expect(template.resource("alicloud_pvtz_zone_record", "dns/alias")).toMatchObject({
    zone_id: zone,
    rr: "registry",
    type: "CNAME",
    value: NLB.address,
    ttl: 300,
  });
  expect(template.resources("alicloud_alidns_record")).toEqual({});
});

test.each([true, false])("records with private: %s have no fault in the eyes of the provider", (isPrivate) => {
  expect(schemaFaults(record({ private: isPrivate, tags: { a: "b" } }).json)).toEqual([]);
});
