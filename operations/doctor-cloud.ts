import { alibabaKeys } from "../certificates/alibaba-keys.js";
import { amazonKeys } from "../certificates/amazon-keys.js";
import type { CloudKeys } from "../certificates/cloud-keys.js";
import { placeNodes, planSubnets } from "../spec/cloud/network-plan.js";
import { Problem } from "../spec/problem.js";
import type { CloudSite } from "../spec/site.js";
import { AlicloudApi } from "./alicloud-api.js";
import { AwsApi } from "./aws-api.js";
import { type CloudApi, CloudRefusal, CloudSilent } from "./cloud-api.js";
import { type Finding, ok, problem, warning } from "./finding.js";

const WHERE_KEYS_ARE = {
  aws: "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or type `aws sso login`",
  alicloud:
    "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or ALIBABA_CLOUD_PROFILE after `aliyun configure`",
} as const;

/** The cloud of a site, asked as the operator; a finding where there are no keys to ask with. */
export async function cloudApi(site: CloudSite): Promise<CloudApi | Finding> {
  try {
    const keys = await operatorKeys(site);
    if (keys !== undefined) return site.provider === "aws" ? new AwsApi(site, keys) : new AlicloudApi(site, keys);
  } catch (error) {
    if (error instanceof Problem) return warning("credentials", error.details.says, error.details.instead);
    return problem("credentials", error instanceof Error ? error.message : `${error}`, WHERE_KEYS_ARE[site.provider]);
  }
  return problem("credentials", "there are no credentials of the cloud", WHERE_KEYS_ARE[site.provider]);
}

/**
 * The operator's keys for the cloud of a site, as Terraform's provider finds them.
 * @returns undefined where there are none
 */
export function operatorKeys({ provider, providerArguments: { profile } }: CloudSite): Promise<CloudKeys | undefined> {
  const named = typeof profile === "string" ? profile : undefined;
  if (provider === "aws") return amazonKeys(named);
  return alibabaKeys(named === undefined ? process.env : { ...process.env, ALIBABA_CLOUD_PROFILE: named });
}

/** What can be asked in about a second: who we are, and whether the zones have the machines. */
export async function quickFindings(site: CloudSite, api: CloudApi): Promise<Finding[]> {
  const who = await asked("credentials", async () => ok("credentials", `${api.name}: ${await api.identity()}`));
  if (who.state !== "ok") return [...clock(api), who];
  return [who, ...clock(api), ...(await zoneFindings(site, api))];
}

/** All that can be asked before a site is made. */
export async function cloudFindings(site: CloudSite, api: CloudApi, isMade: boolean): Promise<Finding[]> {
  const quick = await quickFindings(site, api);
  if (quick.some(({ check, state }) => check === "credentials" && state !== "ok")) return quick;
  return [...quick, await asked("image", () => image(site, api)), ...(isMade ? [] : await addresses(site, api))];
}

async function zoneFindings(site: CloudSite, api: CloudApi): Promise<Finding[]> {
  const zones = await asked("zones", async () => {
    const there = await api.zones();
    const missing = site.zones.filter((zone) => !there.includes(zone));
    return missing.length === 0
      ? ok("zones", `${site.region} has ${site.zones.join(", ")}`)
      : problem("zones", `${site.region} has no zone ${missing.join(", ")}`, `its zones are ${there.join(", ")}`);
  });
  if (zones.state !== "ok") return [zones];
  return [zones, ...(await Promise.all(sizesByZone(site).map((wanted) => asked("sizes", () => size(wanted, api)))))];
}

interface WantedSize {
  readonly size: string;
  /** Zones that have nodes of this size. */
  readonly zones: readonly string[];
}

function sizesByZone(site: CloudSite): WantedSize[] {
  const zones = new Map<string, Set<string>>();
  for (const { name, zone } of placeNodes(planSubnets(site.network.cidr, site.zones), site.nodes.count)) {
    const wanted = site.nodes.sizes[name] ?? site.nodes.size;
    zones.set(wanted, (zones.get(wanted) ?? new Set()).add(zone));
  }
  return [...zones].map(([wanted, where]) => ({ size: wanted, zones: [...where] }));
}

async function size({ size: wanted, zones }: WantedSize, api: CloudApi): Promise<Finding> {
  const offering = await api.offering(wanted);
  const without = zones.filter((zone) => !offering.includes(zone));
  if (without.length === 0) return ok("sizes", `${wanted} is to be had in ${zones.join(", ")}`);
  const elsewhere = offering.length === 0 ? "no zone of the region has it" : `${offering.join(", ")} have it`;
  return problem(
    "sizes",
    `${without.join(", ")} ${without.length === 1 ? "does" : "do"} not have ${wanted}`,
    `${elsewhere}: choose another nodes.size, or another zone while nothing is made yet`,
  );
}

async function image(site: CloudSite, api: CloudApi): Promise<Finding> {
  const { image: id } = site.nodes;
  if (await api.hasImage(id)) return ok("image", id ?? "the default system");
  return id === undefined
    ? problem("image", `${site.region} has no image of the default system`, "name one of the region in nodes.image")
    : problem("image", `${site.region} has no image ${id}`, "an id is of one region: name one of this region, or none");
}

/** NAT gateways, the bastion and nodes that are reached directly have one each. */
async function addresses(site: CloudSite, api: CloudApi): Promise<Finding[]> {
  const nat = site.network.nat === "per-zone" ? site.zones.length : 1;
  const ways = site.access.from === "bastion" ? 1 : site.access.from === "direct" ? site.nodes.count : 0;
  const needed = nat + ways;
  const found = await asked("addresses", async () => {
    const left = await api.addressesLeft();
    if (left === undefined) return undefined;
    return left >= needed
      ? ok("addresses", `${left} public addresses may still be had, ${needed} are needed`)
      : problem(
          "addresses",
          `${left} public addresses may still be had, and ${needed} are needed`,
          "release some, have the quota raised, or take network.nat: one and access: { from: session }",
        );
  });
  return found === undefined ? [] : [found];
}

/** Signatures are good for minutes: AWS takes five, Alibaba Cloud fifteen. */
const CLOCK = { problem: 240_000, warning: 60_000 } as const;

function clock({ clockAhead }: CloudApi): Finding[] {
  if (clockAhead === undefined) return [];
  const off = Math.abs(clockAhead);
  const says = `this machine's clock is ${Math.round(off / 1000)} s ${clockAhead > 0 ? "behind" : "ahead"}`;
  const instead = "set the clock: timedatectl set-ntp true";
  if (off >= CLOCK.problem) return [problem("clock", says, `clouds refuse what is signed so far off; ${instead}`)];
  return [off >= CLOCK.warning ? warning("clock", says, instead) : ok("clock", "right to the minute")];
}

async function asked(check: string, work: () => Promise<Finding>): Promise<Finding>;
async function asked(check: string, work: () => Promise<Finding | undefined>): Promise<Finding | undefined>;
async function asked(check: string, work: () => Promise<Finding | undefined>): Promise<Finding | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CloudSilent) return warning(check, error.message, "check this machine's way to the network");
    if (error instanceof CloudRefusal) return refused(check, error);
    throw error;
  }
}

/** A right that is missing for a question need not be missing for the work. */
function refused(check: string, { code, message }: CloudRefusal): Finding {
  if (/Unauthorized|AccessDenied|NoPermission|Forbidden/i.test(code)) {
    return warning(check, `the credentials may not ask for this: ${code}`, "have the right to look added, or go on");
  }
  return problem(
    check,
    `the cloud refuses: ${message || code} (${code})`,
    check === "credentials" ? "look at the access key and its secret, and at this machine's clock" : "correct the site",
  );
}
