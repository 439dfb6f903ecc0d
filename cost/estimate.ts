import { planAlarms } from "../constructs/alarms.js";
import { SMALLEST_BASTION } from "../constructs/bastion.js";
import { diskGibibytes, sizeOfNode } from "../constructs/hosts.js";
import { natOf, planNat } from "../constructs/network.js";
import { placeNodes, planSubnets } from "../spec/cloud/network-plan.js";
import { type ManagedServices, serviceSize } from "../spec/cloud/services.js";
import type { CloudSite } from "../spec/cloud/sites.js";
import { bytes } from "../spec/size.js";
import { type CostPart, hourOf, machines, tierSaving } from "./parts.js";
import type { PriceTable, RegionPrices } from "./price-table.js";
import { unknownRegion } from "./unknown-price.js";
import { LOGS_OF_NODE, READ_OF_OLD, type Usage } from "./usage.js";

/** One line of an estimate. */
export interface CostLine {
  readonly part: CostPart;
  /** What is paid for: "3 × c7i.xlarge". */
  readonly what: string;
  /** For a month, in the table's currency. */
  readonly monthly: number;
}

/** What a site costs in a month. */
export interface Estimate {
  readonly site: string;
  readonly region: string;
  readonly currency: string;
  /** Month of the prices. */
  readonly asOf: string;
  readonly note: string;
  readonly lines: readonly CostLine[];
  readonly monthly: number;
  /** What a cheaper class of storage for old layers saves in a month, or would. @default - the bucket is not the site's */
  readonly tiers?: { readonly inUse: boolean; readonly afterDays: number; readonly monthly: number };
  /** What was assumed. */
  readonly assumed: readonly string[];
}

/** What a site has besides its machines. */
export interface Extent {
  /** Whether the images are in the site's own bucket. */
  readonly images: boolean;
  /** What of Harbor's services is the cloud's. @default - nothing */
  readonly services?: ManagedServices;
}

/** Hours that clouds take a month for. */
const HOURS = 730;
/** What a bastion is where the file does not say. */
const BASTIONS = { alicloud: SMALLEST_BASTION.alicloud, aws: SMALLEST_BASTION.aws.amd64 } as const;

/**
 * What a site costs in a month: list prices on demand, without taxes, discounts and free tiers.
 * @throws Problem `cost/unknown-region`, `cost/unknown-size` when the table does not have it
 */
export function estimate(
  site: CloudSite,
  { images: managed, services = {} }: Extent,
  table: PriceTable,
  usage: Usage = {},
): Estimate {
  const prices = table.regions[site.region];
  if (prices === undefined) throw unknownRegion(site.region, table);
  const stored = usage.stored ?? bytes(site.bucket.plannedSize) / 1024 ** 3;
  const pulled = usage.pulled ?? 500;
  const toInternet = usage.toInternet ?? (site.entry.public ? 1 : 0);
  const old = usage.old ?? 0.6;
  const tiers = managed ? tierSaving(site, prices, { stored, old, readOld: pulled * READ_OF_OLD }) : undefined;
  const lines = [
    ...machineLines(site, prices),
    ...serviceLines(site, services, prices),
    ...networkLines(site, prices),
    ...(managed ? storeLines(stored, prices, tiers) : []),
    ...trafficLines(site, prices, pulled, toInternet),
    ...careLines(site, managed, prices),
  ].filter(({ monthly }) => monthly !== 0);
  return {
    site: site.name,
    region: site.region,
    currency: table.currency,
    asOf: table.asOf,
    note: table.note,
    lines,
    monthly: lines.reduce((sum, { monthly }) => sum + monthly, 0),
    ...(tiers === undefined ? {} : { tiers }),
    assumed: [
      ...(managed ? [`${Math.round(stored)} GiB of images`, `${percent(old)} of them old`] : []),
      `${Math.round(pulled)} GiB pulled, ${percent(toInternet)} of it over the internet`,
    ],
  };
}

function machineLines(site: CloudSite, prices: RegionPrices): CostLine[] {
  const nodes = placeNodes(planSubnets(site.network.cidr, site.zones), site.nodes.count);
  const disk = diskGibibytes(site.nodes.disk);
  const line = (what: string, monthly: number): CostLine => ({ part: "machines", what, monthly });
  const bastion = site.access.from === "bastion" ? (site.access.size ?? BASTIONS[site.provider]) : undefined;
  return [
    ...machines(nodes.map(({ name }) => sizeOfNode(name, site.nodes))).map(({ size, count }) =>
      line(`${count} × ${size}`, count * HOURS * hourOf(size, site.region, prices)),
    ),
    line(`${nodes.length} disks of ${disk} GiB`, nodes.length * disk * prices.diskMonth),
    ...(bastion === undefined ? [] : [line(`bastion ${bastion}`, HOURS * hourOf(bastion, site.region, prices))]),
  ];
}

/** Primary and standby, and the disk that both have; it grows and costs more then. */
function serviceLines(site: CloudSite, { database, redis }: ManagedServices, prices: RegionPrices): CostLine[] {
  const line = (what: string, monthly: number): CostLine => ({ part: "services", what, monthly });
  const instance = (name: string, size: string, of: "databaseHour" | "cacheHour") =>
    line(`${name} ${size}, two zones`, HOURS * hourOf(size, site.region, prices, of));
  const disk = database === undefined ? 0 : diskGibibytes(database.storage);
  return [
    ...(database === undefined
      ? []
      : [
          instance("PostgreSQL", serviceSize("database", site, database), "databaseHour"),
          line(`its disk of ${disk} GiB`, disk * prices.databaseDiskMonth),
        ]),
    ...(redis === undefined ? [] : [instance("Redis", serviceSize("redis", site, redis), "cacheHour")]),
  ];
}

function networkLines(site: CloudSite, prices: RegionPrices): CostLine[] {
  const balancer = prices.balancer[site.entry.kind];
  const gateways = planNat(site.zones, natOf(site)).gateways.length;
  const addresses =
    gateways +
    (site.access.from === "bastion" ? 1 : 0) +
    (site.access.from === "direct" ? site.nodes.count : 0) +
    (site.entry.public ? site.zones.length : 0);
  const line = (what: string, monthly: number): CostLine => ({ part: "network", what, monthly });
  return [
    line(site.entry.kind.toUpperCase(), HOURS * (balancer?.hour ?? 0)),
    line(`${gateways} NAT`, gateways * HOURS * prices.natHour),
    line(`${addresses} public addresses`, addresses * HOURS * prices.publicAddressHour),
    line("DNS zone", site.dns?.private === true ? prices.zoneMonth : 0),
  ];
}

function storeLines(stored: number, prices: RegionPrices, tiers: Estimate["tiers"]): CostLine[] {
  const saved = tiers?.inUse === true ? tiers.monthly : 0;
  return [
    { part: "storage", what: `${Math.round(stored)} GiB of images`, monthly: stored * prices.store.standardMonth },
    { part: "storage", what: "old layers in the cheaper class", monthly: -saved },
  ];
}

/**
 * A pull comes in through a balancer and a front that may each ask in another zone. What nodes read from the bucket of
 * their own region costs nothing on either cloud, past the gateway.
 */
function trafficLines(site: CloudSite, prices: RegionPrices, pulled: number, toInternet: number): CostLine[] {
  const zones = Math.min(site.zones.length, site.nodes.count);
  const crossings = (2 * (zones - 1)) / zones;
  const line = (what: string, monthly: number): CostLine => ({ part: "traffic", what, monthly });
  return [
    line("through the balancer", pulled * (prices.balancer[site.entry.kind]?.gibibyte ?? 0)),
    line("between zones", pulled * crossings * prices.trafficBetweenZones),
    line("to the internet", pulled * toInternet * prices.trafficOut),
  ];
}

function careLines(site: CloudSite, managed: boolean, prices: RegionPrices): CostLine[] {
  const nodes = Array.from({ length: site.nodes.count }, (_, index) => `node-${index + 1}`);
  const alarms = planAlarms({ nodes, ...(managed ? { plannedSize: site.bucket.plannedSize } : {}) }).length;
  const keys = managed && site.bucket.key === "own" ? 1 : 0;
  const logs = (site.network.flowLogs ? nodes.length * LOGS_OF_NODE : 0) + (site.logs.audit ? LOGS_OF_NODE : 0);
  const line = (what: string, monthly: number): CostLine => ({ part: "care", what, monthly });
  return [
    line("encryption key", keys * prices.keyMonth),
    line(`${logs} GiB of logs`, logs * prices.log),
    line(`${alarms} alarms`, alarms * prices.alarmMonth),
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
