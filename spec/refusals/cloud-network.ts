import { overlap, sizeOf } from "../cidr.js";
import { LONGEST_NETWORK_PREFIX } from "../cloud/network-plan.js";
import type { CloudSite } from "../cloud/sites.js";
import type { Environment } from "../environment.js";
import { refusalOfEach, type View } from "../refusal.js";
import { cloudSites } from "./views.js";

function prefixOf(cidr: string): number {
  return Number(cidr.split("/")[1]);
}

/** Each zone of each cloud site, with those before it. */
function everyZone(
  environment: Environment,
): (View & { readonly site: CloudSite; readonly zone: string; readonly before: readonly string[] })[] {
  return cloudSites(environment).flatMap(({ at: [index = 0], site }) =>
    site.zones.map((zone, place, all) => ({ at: [index, place], site, zone, before: all.slice(0, place) })),
  );
}

const tooSmall = refusalOfEach(cloudSites, "network/cloud-cidr-too-small", {
  when: ({ site }) => prefixOf(site.network.cidr) > LONGEST_NETWORK_PREFIX,
  field: "sites[].network.cidr",
  says: ({ site }) => `${site.network.cidr} has ${sizeOf(site.network.cidr)} addresses`,
  because:
    "eight zones with a private and a public subnet each get a sixteenth of it, and 16 addresses are the least that a subnet may have",
  instead: `a block of /${LONGEST_NETWORK_PREFIX} or larger: 10.20.0.0/16`,
  source: "AWS: a subnet is /16 to /28; subnets keep their place when a zone is appended",
});

const tooLarge = refusalOfEach(cloudSites, "network/cloud-cidr-too-large", {
  when: ({ site }) => prefixOf(site.network.cidr) < (site.provider === "aws" ? 16 : 8),
  field: "sites[].network.cidr",
  says: ({ site }) => site.network.cidr,
  because: "the cloud makes no network that large",
  instead: ({ site }) => `a block of /${site.provider === "aws" ? 16 : 8} or smaller: 10.20.0.0/16`,
  source: "AWS: a VPC's block is /16 to /28; Alibaba Cloud: /8 to /28",
});

const serviceBlock = refusalOfEach(cloudSites, "network/block-of-the-cloud", {
  when: ({ site }) => site.provider === "alicloud" && overlap(site.network.cidr, "100.64.0.0/10"),
  field: "sites[].network.cidr",
  says: ({ site }) => site.network.cidr,
  because: "Alibaba Cloud's own services, OSS and name servers among them, answer at addresses of 100.64.0.0/10",
  instead: "a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
  source: "Alibaba Cloud, VPC: reserved blocks of addresses",
});

const overlapping = refusalOfEach(cloudSites, "network/sites-overlap", {
  when: ({ site, before }) =>
    before.some((other) => "network" in other && overlap(other.network.cidr, site.network.cidr)),
  field: "sites[].network.cidr",
  says: ({ site }) => `${site.network.cidr} overlaps the network of another site`,
  because: "networks that share addresses can never be joined, and nodes of one site would be taken for the other's",
  instead: "a block of its own for each site: 10.20.0.0/16, 10.21.0.0/16",
  source: "peering and transit gateways of both clouds refuse overlapping blocks",
});

const sshFromEverywhere = refusalOfEach(cloudSites, "network/ssh-from-everywhere", {
  when: ({ site }) => site.access.from !== "session" && site.network.operators.some((block) => prefixOf(block) < 8),
  field: "sites[].network.operators",
  says: ({ site }) => `SSH from ${site.network.operators.filter((block) => prefixOf(block) < 8).join(", ")}`,
  because: "the whole world would knock at SSH",
  instead: "the blocks your operators come from: [203.0.113.0/24]; on AWS access: { from: session } opens no port",
  source: "CIS benchmarks of both clouds: no SSH from 0.0.0.0/0",
});

const noOperators = refusalOfEach(cloudSites, "network/no-operators", {
  when: ({ site }) => site.access.from !== "session" && site.network.operators.length === 0,
  field: "sites[].network.operators",
  says: "no block for operators",
  because: "nobody could reach SSH, and harborwright sets up the nodes over SSH",
  instead: "operators: [your address/32]",
  source: "by design: security groups let in what is listed only",
});

const oneZone = refusalOfEach(cloudSites, "zones/one-for-several-nodes", {
  when: ({ site, nodes }) => site.zones.length === 1 && nodes > 1,
  field: "sites[].zones",
  says: ({ site, nodes }) => `${nodes} nodes in ${site.zones[0]} alone`,
  because: "a zone fails as a whole, and balancers want two at the least",
  instead: "three zones of the region, or two where it has no more",
  source: "Alibaba Cloud NLB and ALB, AWS ALB: two zones at the least",
});

const zoneTwice = refusalOfEach(everyZone, "zones/twice", {
  when: ({ zone, before }) => before.includes(zone),
  field: "sites[].zones[]",
  says: ({ zone }) => `${zone} stands twice`,
  because: "nodes that seem to be apart would die together",
  instead: "each zone once",
  source: "by design",
});

const zoneElsewhere = refusalOfEach(everyZone, "zones/of-another-region", {
  when: ({ site, zone }) => !zone.startsWith(site.region),
  field: "sites[].zones[]",
  says: ({ site, zone }) => `${zone} is no zone of ${site.region}`,
  because: "a network lies in one region, and a subnet in one of its zones",
  instead: ({ site }) => `zones whose names begin with ${site.region}`,
  source: "names of zones in both clouds",
});

/** Refusals that concern the network of a cloud site. */
export const cloudNetworkRefusals = [
  tooSmall,
  tooLarge,
  serviceBlock,
  overlapping,
  sshFromEverywhere,
  noOperators,
  oneZone,
  zoneTwice,
  zoneElsewhere,
];
