import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alicloudSites } from "../arbitrary/cloud-site.js";
import { type AlicloudFile, alicloudTemplate, CONTEXT, templateOf } from "./alicloud-stack.js";
import { byAddress } from "./by-address.js";

/** Types that hold something, or whose address or name others know: another address in the state makes them anew. */
const STATEFUL =
  /^alicloud_(vpc|vswitch|eip_address|nat_gateway|instance|(nlb|alb|slb)_load_balancer|kms_key|oss_bucket|log_project|log_store|ram_user|ram_access_key|pvtz_zone|cdn_domain_new|actiontrail_trail)\./;

function statefulOf(site: Partial<AlicloudFile>): string[] {
  return [...byAddress(alicloudTemplate(site)).keys()].filter((address) => STATEFUL.test(address)).sort();
}

/** What a deployed site has in its state. A change here makes all of them anew: mend the change, not the list. */
const DEPLOYED = [
  "alicloud_actiontrail_trail.audit_trail_91FB908D",
  "alicloud_eip_address.bastion_address_2008674A",
  "alicloud_eip_address.entry_nlb_address-cn-hangzhou-h_898987BC",
  "alicloud_eip_address.entry_nlb_address-cn-hangzhou-i_B519E00F",
  "alicloud_eip_address.entry_nlb_address-cn-hangzhou-j_2EE89EF7",
  "alicloud_eip_address.network_nat-cn-hangzhou-h-address_099FA17A",
  "alicloud_instance.bastion_instance_BB6185EC",
  "alicloud_instance.hosts_node-1_221E8132",
  "alicloud_instance.hosts_node-2_1367CD9F",
  "alicloud_instance.hosts_node-3_F3D7407C",
  "alicloud_kms_key.key_F64E54E4",
  "alicloud_log_project.logs_project_D93164F2",
  "alicloud_log_store.logs_flows_8061CC02",
  "alicloud_nat_gateway.network_nat-cn-hangzhou-h_8C7CEA34",
  "alicloud_nlb_load_balancer.entry_nlb_balancer_360C81E9",
  "alicloud_oss_bucket.store_images_bucket_590D8985",
  "alicloud_oss_bucket.store_requests_bucket_1DBEA3F5",
  "alicloud_pvtz_zone.dns_zone_2E2729FB",
  "alicloud_ram_access_key.identity_key-1_39985646",
  "alicloud_ram_user.identity_user_950F93CB",
  "alicloud_vpc.network_vpc_4E8F0223",
  "alicloud_vswitch.network_private-cn-hangzhou-h_1199A9E1",
  "alicloud_vswitch.network_private-cn-hangzhou-i_21CEA678",
  "alicloud_vswitch.network_private-cn-hangzhou-j_C4FA465C",
  "alicloud_vswitch.network_public-cn-hangzhou-h_BDDAC6DB",
  "alicloud_vswitch.network_public-cn-hangzhou-i_6F32B20D",
  "alicloud_vswitch.network_public-cn-hangzhou-j_BD642DB2",
];

type Bodies = ReturnType<typeof byAddress>;

/** Milliseconds: a stack is made many times over, and cdktf takes a third of a second for one. */
const SLOW = 60_000;

const SITES = alicloudSites({ version: "3.1", provider: "alicloud", nodes: 1 });
const ZONES = ["cn-hangzhou-h", "cn-hangzhou-i"];
const MORE_ZONES = [...ZONES, "cn-hangzhou-j"];

describe("of a site that is deployed", () => {
  test("whatever holds something keeps its address in the state", () => {
    expect(statefulOf({ dns: { zone: "example.com", private: true } })).toEqual(DEPLOYED);
  });

  test.each([
    ["clb", { entry: { kind: "clb" } }, "alicloud_slb_load_balancer.entry_clb_balancer_382123D9"],
    [
      "alb",
      { entry: { kind: "alb", tls: "balancer" }, certificate: { from: "alicloud", id: "12345678-cn-hangzhou" } },
      "alicloud_alb_load_balancer.entry_alb_balancer_257286A4",
    ],
  ] as const)("a balancer of kind %s keeps it, too", (_, site, address) => {
    expect(statefulOf(site)).toContain(address);
  });

  test("a new node changes nothing that is there, but lists that it is added to", { timeout: SLOW }, () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), SITES, (count, site) => {
        const withNodes = (nodes: number) => bodiesOf({ ...site, nodes: { ...site.nodes, count: nodes } });
        expectGrowth(withNodes(count), withNodes(count + 1));
      }),
      { numRuns: 4 },
    );
  });

  test("a new zone changes nothing that is there, but lists that it is added to", { timeout: SLOW }, () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: ZONES.length }), SITES, (count, site) => {
        const inZones = (zones: string[]) => bodiesOf({ ...site, zones, nodes: { ...site.nodes, count } });
        expectGrowth(inZones(ZONES), inZones(MORE_ZONES));
      }),
      { numRuns: 4 },
    );
  });

  test("a rotation of the access key changes none but the keys", () => {
    const before = byAddress(alicloudTemplate());
    const during = byAddress(alicloudTemplate({}, {}, { ...CONTEXT, storageKeyGenerations: [1, 2] }));
    for (const [address, body] of before) expect(during.get(address), address).toEqual(body);
    expect([...during.keys()].filter((address) => !before.has(address))).toEqual([
      expect.stringMatching(/^alicloud_ram_access_key\.identity_key-2_/),
    ]);
  });
});

/** Every resource is there as before, and where an argument is a list it may have become longer. */
function expectGrowth(before: Bodies, after: Bodies): void {
  expect(after.size).toBeGreaterThan(before.size);
  for (const [address, body] of before) {
    const now = after.get(address) ?? {};
    expect(Object.keys(now), address).toEqual(Object.keys(body));
    for (const [name, value] of Object.entries(body)) {
      const kept = Array.isArray(value) && Array.isArray(now[name]) ? now[name].slice(0, value.length) : now[name];
      expect(kept, `${address} ${name}`).toEqual(value);
    }
  }
}

function bodiesOf(site: AlicloudFile) {
  return byAddress(templateOf({ environment: "prod", registry: { hostname: "registry.example.com" }, sites: [site] }));
}
