import { expect, test } from "vitest";
import { readManifest } from "../../recovery/manifest.js";
import { refuseForeign, refuseOtherKey } from "../../recovery/refuse-restore.js";
import { codeOf } from "../secrets/fixture.js";
import { FACTS } from "./example-backup.js";

const MANIFEST = readManifest(JSON.stringify({ format: 1, ...FACTS, recipients: [], parts: [] }), "x.backup");
const HERE = { environment: "prod", engine: "harbor", version: "2.15" } as const;
const refusal = (work: () => void) => codeOf(new Promise<void>((resolve) => resolve(work())));

test("a backup of this environment and of the version in its file is let through", () => {
  expect(() => refuseForeign(MANIFEST, HERE, "x.backup")).not.toThrow();
});

test.each([
  ["another environment", { environment: "staging" }, "restore/foreign"],
  ["another engine", { engine: "distribution" }, "restore/other-engine"],
  ["a newer Harbor than the backup's", { version: "2.16" }, "restore/older-version"],
  ["an older Harbor than the backup's", { version: "2.14" }, "restore/newer-version"],
] as const)("%s is refused", async (_, change, code) => {
  expect(await refusal(() => refuseForeign(MANIFEST, { ...HERE, ...change }, "x.backup"))).toBe(code);
});

test("a backup without a data base has nothing to restore", async () => {
  const { database: _, ...bare } = MANIFEST;
  expect(await refusal(() => refuseForeign(bare, HERE, "x.backup"))).toBe("restore/no-database");
});

test("a key that cannot read the data base is refused, and the way to the right one is told", () => {
  expect(() => refuseOtherKey(false, "prod.secrets.age", "x.backup")).toThrow("secrets.age > prod.secrets.age");
  expect(() => refuseOtherKey(true, "prod.secrets.age", "x.backup")).not.toThrow();
});
