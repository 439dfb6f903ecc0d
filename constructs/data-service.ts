import { Problem } from "../spec/problem.js";
import type { SiteKey } from "./encryption-key.js";
import type { NamedProps } from "./named.js";
import type { SiteNetwork } from "./network.js";

/** A service of the cloud that keeps what is not a layer: a data base, a cache. */
export interface DataServiceProps extends NamedProps {
  readonly network: SiteNetwork;
  /**
   * Zones of the network, at least two: the primary starts in the first one, its standby in the second. A cloud may
   * change who is primary at any time.
   */
  readonly zones: readonly string[];
  /** Key for what lies on its disks and in its backups, or `"service"` for one that the cloud owns. */
  readonly key: SiteKey | "service";
  /** Refuse to delete it by accident. @default true */
  readonly protect?: boolean;
}

/** Where a service answers. */
export interface ServiceAddress {
  /** Name that leads to the primary, whichever zone it is in. */
  readonly address: string;
  /** TCP. */
  readonly port: number;
}

/** The zone of the primary, and that of its standby. */
export interface ZonePair {
  readonly primary: string;
  readonly standby: string;
}

/**
 * The two zones that a service is spread over.
 * @throws Problem `data-service/one-zone`
 */
export function zonePair(zones: readonly string[]): ZonePair {
  const [primary, standby] = [...new Set(zones)];
  if (primary !== undefined && standby !== undefined) return { primary, standby };
  throw new Problem({
    code: "data-service/one-zone",
    says: `a data service in ${zones.length === 0 ? "no zone" : `${zones[0]} alone`} does not survive the zone`,
    instead: "name two zones of the network",
    field: "sites[].zones",
  });
}

/** Hours, UTC, in which the cloud makes copies and works on the service; RDS wants them apart from each other. */
export const QUIET_HOURS = { backup: { from: 2, to: 3 }, maintenance: { from: 4, to: 6 } } as const;

/** 02:00 */
export function onTheHour(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

/** Each day of the week as Alibaba Cloud spells it. */
export const EVERY_DAY = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
