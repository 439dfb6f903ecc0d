import * as z from "zod";

const price = z.number().nonnegative();

/** What one region charges. Hours are those that a thing exists, months have 730 of them, sizes are GiB. */
const regionSchema = z.strictObject({
  /** An hour of a machine, by instance type, on demand, with Linux. */
  machineHour: z.record(z.string(), price),
  diskMonth: price,
  /** An hour of a PostgreSQL with its standby in another zone, by class. */
  databaseHour: z.record(z.string(), price).default({}),
  /** A GiB of its disk, on both sides. */
  databaseDiskMonth: price.default(0),
  /** An hour of a Redis with its standby in another zone, by class. */
  cacheHour: z.record(z.string(), price).default({}),
  /** By kind of balancer: its hour, and a GiB that goes through it. */
  balancer: z.record(z.string(), z.strictObject({ hour: price, gibibyte: price })),
  natHour: price,
  publicAddressHour: price,
  /** A GiB kept for a month in each class, and a GiB read from the cheaper one. */
  store: z.strictObject({ standardMonth: price, infrequentMonth: price, infrequentRead: price }),
  /** A GiB to clients on the internet. */
  trafficOut: price,
  /** A GiB from one zone to another. */
  trafficBetweenZones: price,
  keyMonth: price,
  /** A GiB of logs taken in and kept. */
  log: price,
  alarmMonth: price,
  zoneMonth: price,
});

const tableSchema = z.strictObject({
  /** Month in which the prices were written down: 2025-06. */
  asOf: z.string().regex(/^\d{4}-\d{2}$/, { error: "a month: 2025-06" }),
  currency: z.string().regex(/^[A-Z]{3}$/, { error: "a currency: USD" }),
  /** How far to trust it, for the reader of an estimate. */
  note: z.string(),
  regions: z.record(z.string(), regionSchema),
});

/** A dated list of a cloud's prices, without taxes and discounts. */
export type PriceTable = z.output<typeof tableSchema>;
export type RegionPrices = z.output<typeof regionSchema>;

/**
 * Reads a price table.
 * @throws ZodError that names what is wrong in it
 */
export function readPriceTable(text: string): PriceTable {
  return tableSchema.parse(JSON.parse(text));
}
