import { SOONEST_INFREQUENT_DAYS } from "../constructs/object-store.js";
import type { CloudSite } from "../spec/cloud/sites.js";
import { milliseconds } from "../spec/duration.js";
import type { RegionPrices } from "./price-table.js";
import { unknownSize } from "./unknown-price.js";
import { USUAL_INFREQUENT_DAYS } from "./usage.js";

/** What an estimate is split by. */
export type CostPart = "machines" | "services" | "network" | "storage" | "traffic" | "care";

const DAY = 86_400_000;

/** Machines of one instance type. */
export interface SameMachines {
  readonly size: string;
  readonly count: number;
}

/** Machines by instance type, in the order in which the types come first. */
export function machines(sizes: readonly string[]): SameMachines[] {
  return [...new Set(sizes)].map((size) => ({ size, count: sizes.filter((other) => other === size).length }));
}

/**
 * What an hour of an instance type, or of a service's class, costs.
 * @throws Problem `cost/unknown-size` with those that are alike
 */
export function hourOf(
  size: string,
  region: string,
  prices: RegionPrices,
  of: "machineHour" | "databaseHour" | "cacheHour" = "machineHour",
): number {
  const hour = prices[of][size];
  if (hour === undefined) throw unknownSize(size, region, Object.keys(prices[of]));
  return hour;
}

/** What is assumed of the layers in a bucket. */
export interface OldLayers {
  /** GiB in the bucket. */
  readonly stored: number;
  /** Share of it that is old. */
  readonly old: number;
  /** GiB of it that is read in a month all the same. */
  readonly readOld: number;
}

/** What a month of the cheaper class for old layers saves: what is kept there costs less, what is read from it more. */
export function tierSaving({ bucket }: CloudSite, { store }: RegionPrices, { stored, old, readOld }: OldLayers) {
  const { infrequentAfter } = bucket;
  const days = infrequentAfter === undefined ? USUAL_INFREQUENT_DAYS : Math.ceil(milliseconds(infrequentAfter) / DAY);
  const kept = stored * old * (store.standardMonth - store.infrequentMonth);
  return {
    inUse: infrequentAfter !== undefined,
    afterDays: Math.max(days, SOONEST_INFREQUENT_DAYS),
    monthly: kept - readOld * store.infrequentRead,
  };
}
