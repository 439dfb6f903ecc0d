import type { Node, SiteInventory, SshProxy } from "../inventory.js";
import { defaultUser } from "./default-user.js";
import { placeNodes, planSubnets } from "./network-plan.js";
import type { SiteOutputs } from "./outputs.js";
import { type ManagedServices, siteDatabase, siteRedis } from "./services.js";
import type { CloudSite } from "./sites.js";
import { cloudStorage } from "./storage.js";

/** What the inventory of a cloud's site is made from besides the site. */
export interface CloudInventoryContext {
  /** Name under which clients reach the registry. */
  readonly hostname: string;
  readonly environment: string;
  /** Whether the images are in the site's own bucket. */
  readonly managed: boolean;
  /** What of Harbor's services is the cloud's. */
  readonly services: ManagedServices;
  /** Path of the private SSH key of the nodes. */
  readonly identityFile: string;
  /** @default - the machines are not made yet: places stand for addresses that only the cloud can give */
  readonly outputs?: SiteOutputs;
}

/** The inventory of a cloud's site: private addresses are planned, the rest comes from the outputs of its stack. */
export function cloudInventory(site: CloudSite, context: CloudInventoryContext): SiteInventory {
  const { outputs } = context;
  const subnets = planSubnets(site.network.cidr, site.zones);
  const places = placeNodes(subnets, site.nodes.count);
  const nodes = places.map(({ name, address: privateAddress }): Node => {
    const proxy = sshProxy(site, name, context);
    const direct = site.access.from === "direct" ? outputs?.nodes[name]?.publicAddress : undefined;
    return {
      site: site.name,
      name,
      address: direct ?? privateAddress,
      privateAddress,
      ssh: {
        user: site.nodes.user ?? defaultUser(site),
        port: 22,
        identityFile: context.identityFile,
        ...(proxy === undefined ? {} : { proxy }),
      },
    };
  });
  return {
    name: site.name,
    nodes,
    // Until the balancer is there, its name is what clients will know it by.
    entry: {
      from: "balancer",
      address: outputs?.entry ?? context.hostname,
      // It stands in the public subnets, or in the private ones; nothing else there speaks HTTP to nodes.
      ...(site.entry.kind === "alb" ? { forwardsFrom: subnets.flatMap((zone) => [zone.public, zone.private]) } : {}),
    },
    ...(context.managed ? { storage: cloudStorage(site, context) } : {}),
    ...(context.services.database === undefined ? {} : { database: siteDatabase(site, outputs) }),
    ...(context.services.redis === undefined ? {} : { redis: siteRedis(site, outputs) }),
  };
}

function sshProxy(site: CloudSite, node: string, context: CloudInventoryContext): SshProxy | undefined {
  const { outputs, identityFile } = context;
  if (site.access.from === "bastion" && outputs?.bastion) {
    const user = site.nodes.user ?? defaultUser(site);
    return { kind: "jump", user, address: outputs.bastion, port: 22, identityFile };
  }
  const instance = outputs?.nodes[node]?.id;
  if (site.access.from === "session" && instance !== undefined) {
    return { kind: "session", instance, region: site.region };
  }
  return undefined;
}
