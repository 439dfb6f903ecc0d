import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Estimate, estimate } from "../../cost/estimate.js";
import { type PriceTable, readPriceTable } from "../../cost/price-table.js";
import type { Usage } from "../../cost/usage.js";
import { managedServices, SERVICE_SIZES } from "../../spec/cloud/services.js";
import { type CloudSite, isCloud } from "../../spec/cloud/sites.js";
import { parseEnvironment } from "../../spec/parse.js";

/** Prices that make sums easy: everything costs something else. */
const TABLE: PriceTable = {
  asOf: "2025-06",
  currency: "USD",
  note: "for tests",
  regions: {
    "eu-central-1": {
      machineHour: { "c7i.xlarge": 1, "c7i.2xlarge": 2, "t3.nano": 0.1 },
      diskMonth: 0.5,
      databaseHour: { "db.t4g.medium": 0.2 },
      databaseDiskMonth: 0.3,
      cacheHour: { "cache.t4g.small": 0.05 },
      balancer: { nlb: { hour: 0.01, gibibyte: 0.001 }, alb: { hour: 0.02, gibibyte: 0.002 } },
      natHour: 0.1,
      publicAddressHour: 0.01,
      store: { standardMonth: 0.02, infrequentMonth: 0.01, infrequentRead: 0.1 },
      trafficOut: 0.1,
      trafficBetweenZones: 0.01,
      keyMonth: 1,
      log: 0.5,
      alarmMonth: 0.25,
      zoneMonth: 3,
    },
  },
};

function siteWith(more = "", network = ""): CloudSite {
  const { sites } = parseEnvironment(
    `
environment: prod
registry: { hostname: registry.example.com, storage: { kind: managed } }
sites:
  - { name: frankfurt, provider: aws, region: eu-central-1, zones: [eu-central-1a, eu-central-1b, eu-central-1c],
      network: { operators: [203.0.113.0/24], clients: [0.0.0.0/0]${network} }${more} }
`,
    "prod.yaml",
  );
  const site = sites.find(isCloud);
  if (site === undefined) throw new RangeError("no site on a cloud");
  return site;
}

const estimateOf = (site: CloudSite, usage: Usage = {}) => estimate(site, { images: true }, TABLE, usage);

function monthly({ lines }: Estimate, what: string): number | undefined {
  return lines.find((line) => line.what === what)?.monthly;
}

test("machines cost their hours, disks their size, and nodes of another size are counted apart", () => {
  const costs = estimateOf(siteWith(", nodes: { sizes: { node-2: c7i.2xlarge }, disk: 200GiB }"));
  expect(monthly(costs, "2 × c7i.xlarge")).toBe(2 * 730);
  expect(monthly(costs, "1 × c7i.2xlarge")).toBe(2 * 730);
  expect(monthly(costs, "3 disks of 200 GiB")).toBe(300);
  expect(monthly(costs, "bastion t3.nano")).toBeCloseTo(73);
});

test("a NAT gateway in each zone costs three, and each has an address", () => {
  expect(monthly(estimateOf(siteWith()), "1 NAT")).toBeCloseTo(73);
  const three = estimateOf(siteWith("", ", nat: per-zone"));
  expect(monthly(three, "3 NAT")).toBeCloseTo(3 * 73);
  // Three gateways, the bastion, and the balancer in each zone.
  expect(monthly(three, "7 public addresses")).toBeCloseTo(7 * 7.3);
});

test("what is pulled goes through the balancer, twice to another zone in two of three cases, and to the internet", () => {
  const costs = estimateOf(siteWith(), { pulled: 3000 });
  expect(monthly(costs, "through the balancer")).toBeCloseTo(3);
  expect(monthly(costs, "between zones")).toBeCloseTo(40);
  expect(monthly(costs, "to the internet")).toBeCloseTo(300);
});

test("a private entry sends nothing over the internet, unless that is said", () => {
  const hidden = siteWith(", entry: { public: false }");
  expect(monthly(estimateOf(hidden), "to the internet")).toBeUndefined();
  expect(monthly(estimateOf(hidden, { toInternet: 0.5, pulled: 100 }), "to the internet")).toBeCloseTo(5);
});

test("the saving of a cheaper class is what old layers cost less, without what is read of them", () => {
  const usage = { stored: 1000, pulled: 100, old: 0.5 };
  const saving = 1000 * 0.5 * 0.01 - 100 * 0.05 * 0.1;
  const without = estimateOf(siteWith(), usage);
  expect(without.tiers).toEqual({ inUse: false, afterDays: 90, monthly: expect.closeTo(saving) });
  expect(monthly(without, "1000 GiB of images")).toBeCloseTo(20);
  const withTiers = estimateOf(siteWith(", bucket: { infrequentAfter: 45d }"), usage);
  expect(withTiers.tiers).toEqual({ inUse: true, afterDays: 45, monthly: expect.closeTo(saving) });
  expect(without.monthly - withTiers.monthly).toBeCloseTo(saving);
});

test("the sum is that of its lines, and more of anything never costs less", () => {
  const amounts = fc.nat({ max: 100_000 });
  fc.assert(
    fc.property(amounts, amounts, amounts, (stored, pulled, more) => {
      const costs = estimateOf(siteWith(), { stored, pulled });
      expect(costs.lines.reduce((sum, line) => sum + line.monthly, 0)).toBeCloseTo(costs.monthly);
      expect(estimateOf(siteWith(), { stored: stored + more, pulled }).monthly).toBeGreaterThanOrEqual(costs.monthly);
      expect(estimateOf(siteWith(), { stored, pulled: pulled + more }).monthly).toBeGreaterThanOrEqual(costs.monthly);
    }),
    { numRuns: 20 },
  );
});

const SERVICES = managedServices(
  parseEnvironment(
    readFileSync(new URL("../../environments/examples/harbor-aws.yaml", import.meta.url), "utf8"),
    "harbor-aws.yaml",
  ),
);

test("Harbor's services cost an hour of primary and standby together, and the disk", () => {
  const without = estimate(siteWith(), { images: false }, TABLE);
  const costs = estimate(siteWith(), { images: false, services: SERVICES }, TABLE);
  expect(monthly(costs, "PostgreSQL db.t4g.medium, two zones")).toBeCloseTo(0.2 * 730);
  expect(monthly(costs, "its disk of 50 GiB")).toBeCloseTo(15);
  expect(monthly(costs, "Redis cache.t4g.small, two zones")).toBeCloseTo(0.05 * 730);
  expect(costs.monthly - without.monthly).toBeCloseTo(0.25 * 730 + 15);
});

test("a class of a service that is not in the table is told with those that are", () => {
  const database = SERVICES.database && { ...SERVICES.database, size: "db.x2g.large" };
  expect(() =>
    estimate(siteWith(), { images: false, services: { ...SERVICES, ...(database && { database }) } }, TABLE),
  ).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({
        code: "cost/unknown-size",
        instead: expect.stringContaining("db.t4g.medium"),
      }),
    }),
  );
});

test("a region or a size that is not in the table is told with those that are", () => {
  const elsewhere = { ...siteWith(), region: "eu-west-9" };
  expect(() => estimateOf(elsewhere)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ code: "cost/unknown-region" }) }),
  );
  expect(() => estimateOf(siteWith(", nodes: { size: c7i.4xlarge }"))).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({ code: "cost/unknown-size", instead: expect.stringContaining("c7i.2xlarge") }),
    }),
  );
});

describe.each(["aws", "alicloud"] as const)("the price table of %s", (provider) => {
  const table = readPriceTable(readFileSync(new URL(`../../cost/prices/${provider}.json`, import.meta.url), "utf8"));

  test("has in every region the same things, and no cheaper class that costs more", () => {
    const [first, ...others] = Object.values(table.regions);
    if (first === undefined) throw new RangeError("an empty table");
    for (const kind of ["machineHour", "databaseHour", "cacheHour"] as const) {
      for (const region of others) expect(Object.keys(region[kind])).toEqual(Object.keys(first[kind]));
    }
    for (const { store } of [first, ...others]) expect(store.infrequentMonth).toBeLessThan(store.standardMonth);
  });

  test("knows the classes that services have by default", () => {
    for (const { databaseHour, databaseDiskMonth, cacheHour } of Object.values(table.regions)) {
      expect(databaseHour[SERVICE_SIZES.database[provider].usual]).toBeGreaterThan(0);
      expect(cacheHour[SERVICE_SIZES.redis[provider].usual]).toBeGreaterThan(0);
      expect(databaseDiskMonth).toBeGreaterThan(0);
    }
  });

  test("knows what a site has by default", () => {
    const example = readFileSync(
      new URL(`../../environments/${provider === "aws" ? "frankfurt" : "hangzhou"}.yaml`, import.meta.url),
      "utf8",
    );
    const { sites } = parseEnvironment(example, `${provider === "aws" ? "frankfurt" : "hangzhou"}.yaml`);
    const site = sites.find(isCloud);
    if (site === undefined) throw new RangeError("no site on a cloud");
    expect(estimate(site, { images: true }, table).monthly).toBeGreaterThan(0);
  });
});
