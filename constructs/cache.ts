import { Problem } from "../spec/problem.js";
import type { DataServiceProps, ServiceAddress } from "./data-service.js";

/**
 * A Redis with a standby in another zone, which takes encrypted connections and a password. It has all of its data in
 * one place: Harbor uses several numbered data bases, which a Redis Cluster does not have.
 */
export interface CacheProps extends DataServiceProps {
  /** Class of the instance, in the cloud's words. */
  readonly size: string;
  /** Days that daily copies are kept: 1 to 35. @default 3 */
  readonly backupDays?: number;
}

/** A cache as Harbor is told of it. */
export interface SiteCache extends ServiceAddress {
  /** Name to log in with. @default - the password alone is asked */
  readonly user?: string;
}

/** The port that Redis has everywhere. */
export const REDIS_PORT = 6379;

/**
 * What a full memory does: refuse the next write. Every other rule throws something away, and a queued job of Harbor is
 * among what could go.
 */
export const WHEN_FULL = "noeviction";

const MOST_BACKUP_DAYS = 35;

/** Days that copies are kept. @throws Problem `cache/backup-days` */
export function cacheBackupDays(days = 3): number {
  if (Number.isInteger(days) && days >= 1 && days <= MOST_BACKUP_DAYS) return days;
  throw new Problem({
    code: "cache/backup-days",
    says: `copies of ${days} days cannot be kept`,
    instead: `1 to ${MOST_BACKUP_DAYS} whole days`,
  });
}
