import { resolve4, resolveNs } from "node:dns/promises";
import { isIPv4 } from "node:net";
import type { CloudSite } from "../spec/site.js";
import { type Finding, ok, problem, warning } from "./finding.js";

/** What is asked of name servers; a test answers itself. */
export interface Names {
  /** IPv4 addresses of a name, wherever CNAMEs lead. */
  addresses(name: string): Promise<readonly string[]>;
  /** Name servers of a zone. */
  servers(zone: string): Promise<readonly string[]>;
}

/** The name servers of this machine. */
export const SYSTEM_NAMES: Names = { addresses: resolve4, servers: resolveNs };

/** Names of the clouds' own name servers. */
const OWN_SERVERS = {
  aws: /\.awsdns-|\.amazonaws\.com/i,
  alicloud: /\.(alidns|hichina|net\.cn|alibabadns)\b/i,
} as const;
const OWN_DNS = { aws: "Route 53", alicloud: "Alibaba Cloud DNS" } as const;

/**
 * Whether clients find the registry by its name.
 * @param entry - host name or address of the balancer. @default - nothing is made yet
 */
export async function nameFindings(
  hostname: string,
  site: CloudSite,
  entry: string | undefined,
  names: Names = SYSTEM_NAMES,
): Promise<Finding[]> {
  return [...(await zoneFinding(site, names)), await entryFinding(hostname, site, entry, names)];
}

async function zoneFinding(site: CloudSite, names: Names): Promise<Finding[]> {
  if (site.dns === undefined || site.dns.private) return [];
  const { zone } = site.dns;
  const servers = await answered(names.servers(zone));
  if (servers === undefined)
    return [warning("zone", "name servers cannot be asked from here", "look at this machine's DNS")];
  const own = OWN_DNS[site.provider];
  if (servers.length === 0) {
    return [
      problem("zone", `${zone} has no name servers`, `make the zone in ${own} and name its servers at your registrar`),
    ];
  }
  if (servers.some((server) => OWN_SERVERS[site.provider].test(server))) {
    return [ok("zone", `${zone} is served by ${own}`)];
  }
  return [
    problem(
      "zone",
      `${zone} is served by ${servers.join(", ")}, not by ${own}: nobody would see the records made there`,
      "leave sites[].dns out and make the record yourself, or move the zone",
    ),
  ];
}

async function entryFinding(
  hostname: string,
  site: CloudSite,
  entry: string | undefined,
  names: Names,
): Promise<Finding> {
  const found = await answered(names.addresses(hostname));
  if (found === undefined)
    return warning("name", "name servers cannot be asked from here", "look at this machine's DNS");
  const isMadeForIt = site.dns !== undefined && !site.dns.private;
  if (entry === undefined) {
    return found.length === 0 || isMadeForIt
      ? ok("name", `${hostname} gets its entry when the balancer is made${isMadeForIt ? "" : ": make the record then"}`)
      : warning(
          "name",
          `${hostname} leads to ${found.join(", ")} now`,
          "let it lead to the balancer once that is made",
        );
  }
  const wanted = isIPv4(entry) ? [entry] : ((await answered(names.addresses(entry))) ?? []);
  if (found.some((address) => wanted.includes(address))) return ok("name", `${hostname} leads to ${entry}`);
  const where = found.length === 0 ? "has no address" : `leads to ${found.join(", ")}`;
  const record = isIPv4(entry) ? `an A record with ${entry}` : `a CNAME to ${entry}`;
  const instead = isMadeForIt
    ? "a change takes as long as dns.ttl; harborwright plan shows whether the record is there"
    : `make ${record}`;
  return warning("name", `${hostname} ${where}, not to the entry ${entry}`, instead);
}

/** No such name is an answer; a server that says nothing is none. */
async function answered(question: Promise<readonly string[]>): Promise<readonly string[] | undefined> {
  try {
    return await question;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ENOTFOUND" || code === "ENODATA" ? [] : undefined;
  }
}
