import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cacheBackupDays } from "../../constructs/cache.js";
import { onTheHour, QUIET_HOURS, zonePair } from "../../constructs/data-service.js";
import { type DatabaseProps, planDatabase } from "../../constructs/database.js";
import { Problem } from "../../spec/problem.js";

type Wishes = Partial<Omit<DatabaseProps, "network" | "key">>;

function plan(wishes: Wishes = {}) {
  return planDatabase({ name: "prod", zones: ["a", "b"], size: "small", ...wishes });
}

/** The code of what a function refuses. */
function refusal(what: () => unknown): string | undefined {
  try {
    what();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.details.code;
    throw error;
  }
}

describe("two zones", () => {
  test("are the first two that are named, each once", () => {
    expect(zonePair(["a", "b", "c"])).toEqual({ primary: "a", standby: "b" });
    expect(zonePair(["a", "a", "b"])).toEqual({ primary: "a", standby: "b" });
  });

  test.each([[[]], [["a"]], [["a", "a"]]])("are not to be had of %j", (zones) => {
    expect(refusal(() => zonePair(zones))).toBe("data-service/one-zone");
  });

  test("stay when a zone is appended", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2 }), fc.string(), (zones, more) => {
        expect(zonePair([...zones, more])).toEqual(zonePair(zones));
      }),
    );
  });
});

test("the cloud makes copies and works on a service in hours of their own", () => {
  const { backup, maintenance } = QUIET_HOURS;
  expect(backup.to).toBeLessThan(maintenance.from);
  expect(onTheHour(backup.from)).toBe("02:00");
});

describe("a data base", () => {
  test("is PostgreSQL 16 with room to grow when nobody says otherwise", () => {
    expect(plan()).toEqual({
      version: 16,
      database: "registry",
      owner: "harbor",
      storageGibibytes: 50,
      storageLimitGibibytes: 200,
      backupDays: 14,
    });
  });

  test.each<[string, Wishes]>([
    ["database/version-too-old", { version: 11 }],
    ["database/version-too-old", { version: 16.2 }],
    ["database/name", { database: "harbor-registry" }],
    ["database/name", { owner: "postgres" }],
    ["database/name", { owner: "pg_harbor" }],
    ["database/name", { owner: "rdsadmin" }],
    ["database/name", { owner: "h" }],
    ["database/storage", { storageGibibytes: 10 }],
    ["database/storage", { storageGibibytes: 100, storageLimitGibibytes: 50 }],
    ["database/storage", { storageGibibytes: 50.5 }],
    ["database/backup-days", { backupDays: 0 }],
    ["database/backup-days", { backupDays: 36 }],
  ])("is refused as %s with %j", (code, wishes) => {
    expect(refusal(() => plan(wishes))).toBe(code);
  });

  test("keeps what is asked for", () => {
    const wishes = {
      version: 17,
      database: "images",
      owner: "keeper",
      storageGibibytes: 20,
      storageLimitGibibytes: 20,
    };
    expect(plan({ ...wishes, backupDays: 35 })).toEqual({ ...wishes, backupDays: 35 });
  });
});

test("copies of a cache are kept for a while, and not for ever", () => {
  expect(cacheBackupDays()).toBe(3);
  expect(cacheBackupDays(35)).toBe(35);
  for (const days of [0, 36, 1.5]) expect(refusal(() => cacheBackupDays(days))).toBe("cache/backup-days");
});
