import { expect, test } from "vitest";
import { age, describeBackup, describeCheck, describeRestore, describeUpgrade } from "../../cli/backup-view.js";
import { readManifest } from "../../recovery/manifest.js";
import { FACTS } from "../recovery/example-backup.js";

const PARTS = [{ name: "database.dump.age", size: 12_345_678, sha256: "0".repeat(64) }];
const MANIFEST = readManifest(JSON.stringify({ format: 1, ...FACTS, recipients: [], parts: PARTS }), "x.backup");
const GONE = { digest: "sha256:00", size: 1_500_000 };

test("a backup is told in one line", () => {
  expect(describeBackup(MANIFEST)).toBe("Harbor 2.15, schema 180, 1 blobs of 17 B, 12.3 MB kept");
});

test.each([
  ["2026-11-25T20:15:59Z", "0 min"],
  ["2026-11-25T20:57:00Z", "42 min"],
  ["2026-11-26T23:15:00Z", "27 h"],
  ["2026-12-25T20:15:00Z", "30 d"],
])("its age at %s is %s", (now, told) => {
  expect(age(FACTS.at, new Date(now))).toBe(told);
});

test("a restoring tells that Harbor stops, and whose work an emptying of Redis is", () => {
  const plan = { manifest: MANIFEST, stage: "nothing", kept: "registry_before_x", emptiesRedis: true } as const;
  expect(describeRestore(plan).join("\n")).toMatch(/stops on all nodes[\s\S]*Redis is emptied[\s\S]*registry_before_x/);
  expect(describeRestore({ ...plan, emptiesRedis: false }).join("\n")).toContain("empty Harbor's Redis yourself");
  expect(describeRestore({ ...plan, stage: "swapped" }).join("\n")).toContain("--forget");
});

test("missing blobs are named, and a storage that does not know the backup", () => {
  const check = { storage: "s3://images", marked: false, needed: { count: 40, size: 1 }, missing: [GONE] };
  expect(describeCheck(check).join("\n")).toMatch(/another storage[\s\S]*1 of 40 blobs[\s\S]*sha256:00 {2}1\.5 MB/);
  expect(describeCheck({ ...check, missing: Array(30).fill(GONE) }).join("\n")).toContain("and 10 more");
  expect(describeCheck({ ...check, marked: true, missing: [] })).toHaveLength(1);
  expect(describeCheck({}).join()).toContain("not compared");
});

test("an upgrade tells of the interruption only when there is one", () => {
  expect(describeUpgrade({ from: "2.14", to: "2.15", migrates: true }).join("\n")).toContain("nobody can pull or push");
  expect(describeUpgrade({ from: "2.8", to: "3.1", migrates: false }).join("\n")).not.toContain("nobody");
});
