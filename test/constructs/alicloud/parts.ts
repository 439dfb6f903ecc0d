import type { Party, SiteGroups } from "../../../constructs/firewall.js";
import type { SiteHost } from "../../../constructs/hosts.js";
import type { SiteNetwork } from "../../../constructs/network.js";

/** Zones that a site stands in. */
export const ZONES = ["cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"];

/** A network that is there already. */
export const network: SiteNetwork = {
  id: "vpc-1",
  cidr: "10.20.0.0/16",
  subnet: (kind, zone) => `vsw-${kind}-${zone}`,
};

/** Security groups that are there already. */
export const groups: SiteGroups = { group: (of: Party) => `sg-${of}` };

/** A machine that is there already. */
export function host(name: string): SiteHost {
  return { name, id: `i-${name}`, privateAddress: "10.20.0.11" };
}
