import { Problem } from "../spec/problem.js";
import type { DataServiceProps, ServiceAddress } from "./data-service.js";

/** A PostgreSQL with a standby in another zone, which takes encrypted connections only. */
export interface DatabaseProps extends DataServiceProps {
  /** Class of the instance, in the cloud's words. With its memory grows the number of connections it takes. */
  readonly size: string;
  /** GiB of disk to begin with. @default 50 */
  readonly storageGibibytes?: number;
  /** GiB up to which the disk grows by itself. @default - four times `storageGibibytes` */
  readonly storageLimitGibibytes?: number;
  /** Major version of PostgreSQL. @default 16 */
  readonly version?: number;
  /** Name of the data base: letters, digits and "_". @default "registry" */
  readonly database?: string;
  /** Role that owns the data base, and that Harbor is. @default "harbor" */
  readonly owner?: string;
  /** Days back to each second of which it can be restored: 7 to 35. @default 14 */
  readonly backupDays?: number;
}

/** A data base as Harbor is told of it. */
export interface SiteDatabase extends ServiceAddress {
  /** Name of the data base. */
  readonly database: string;
  /** Role that owns it. */
  readonly owner: string;
}

/** The port that PostgreSQL has everywhere. */
export const POSTGRESQL_PORT = 5432;

/** What a data base is made of when nobody says otherwise. */
export interface DatabasePlan {
  readonly version: number;
  readonly database: string;
  readonly owner: string;
  readonly storageGibibytes: number;
  readonly storageLimitGibibytes: number;
  readonly backupDays: number;
}

/** The oldest PostgreSQL that Harbor works with. @see https://goharbor.io/docs/2.14.0/install-config/ */
const OLDEST_POSTGRESQL = 12;
const SMALLEST_DISK_GIBIBYTES = 20;
const BACKUP_DAYS = { fewest: 7, most: 35 };
/** What both clouds take: Alibaba Cloud wants a small letter first, AWS no more than 63 characters. */
const PLAIN_NAME = /^[a-z][a-z0-9_]{0,61}[a-z0-9]$/;
/** Names of roles that a cloud or PostgreSQL has for itself; what begins with `pg_` is PostgreSQL's, too. */
const TAKEN_NAMES = ["admin", "aurora", "postgres", "public", "rdsadmin", "replicator", "root", "user"];

/**
 * Fills in what is not said, and refuses what neither cloud, nor Harbor, could live with.
 * @throws Problem `database/version-too-old`, `database/name`, `database/storage`, `database/backup-days`
 */
export function planDatabase(props: Omit<DatabaseProps, "network" | "key">): DatabasePlan {
  const { version = 16, database = "registry", owner = "harbor", storageGibibytes = 50, backupDays = 14 } = props;
  const { storageLimitGibibytes = 4 * storageGibibytes } = props;
  const [refused] = [
    ...versionProblem(version),
    ...nameProblem("data base", database),
    ...nameProblem("owner", owner),
    ...storageProblem(storageGibibytes, storageLimitGibibytes),
    ...backupProblem(backupDays),
  ];
  if (refused !== undefined) throw refused;
  return { version, database, owner, storageGibibytes, storageLimitGibibytes, backupDays };
}

function versionProblem(version: number): Problem[] {
  if (Number.isInteger(version) && version >= OLDEST_POSTGRESQL) return [];
  return [
    new Problem({
      code: "database/version-too-old",
      says: `Harbor does not work with PostgreSQL ${version}`,
      instead: `a whole number from ${OLDEST_POSTGRESQL}; 16 is the default`,
    }),
  ];
}

function nameProblem(whose: string, name: string): Problem[] {
  if (PLAIN_NAME.test(name) && !name.startsWith("pg_") && !TAKEN_NAMES.includes(name)) return [];
  return [
    new Problem({
      code: "database/name",
      says: `${name} cannot be the name of the ${whose}`,
      instead: `2 to 63 of a-z, 0-9 and "_", a letter first, and none of pg_*, ${TAKEN_NAMES.join(", ")}`,
    }),
  ];
}

function storageProblem(begin: number, limit: number): Problem[] {
  const whole = Number.isInteger(begin) && Number.isInteger(limit);
  if (whole && begin >= SMALLEST_DISK_GIBIBYTES && limit >= begin) return [];
  return [
    new Problem({
      code: "database/storage",
      says: `a disk of ${begin} GiB that grows up to ${limit} GiB cannot be had`,
      instead: `whole GiB, at least ${SMALLEST_DISK_GIBIBYTES}, and a limit that is not below the beginning`,
    }),
  ];
}

function backupProblem(days: number): Problem[] {
  if (Number.isInteger(days) && days >= BACKUP_DAYS.fewest && days <= BACKUP_DAYS.most) return [];
  return [
    new Problem({
      code: "database/backup-days",
      says: `backups of ${days} days cannot be kept`,
      instead: `${BACKUP_DAYS.fewest} to ${BACKUP_DAYS.most} whole days`,
    }),
  ];
}

/** A statement that takes as long is written to the log, milliseconds. */
export const SLOW_STATEMENT_MILLISECONDS = "1000";
