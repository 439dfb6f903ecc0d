import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { silentProgress } from "../../supply/progress.js";
import { imageSource } from "../../supply/source.js";

const DAY = 86_400_000;
let cache: string;
let finding: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "harborwright-source-"));
  finding = join(cache, "machine", "images.json");
  await mkdir(join(cache, "machine"));
  vi.stubEnv("HARBORWRIGHT_CACHE", cache);
  vi.stubEnv("HARBORWRIGHT_IMAGES", "");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

describe("where images come from", () => {
  test.each(["pull", "make"])("is what the user says: %s", async (source) => {
    vi.stubEnv("HARBORWRIGHT_IMAGES", source);
    expect(await imageSource(silentProgress)).toBe(source);
  });

  test("is refused when the user says something else", async () => {
    vi.stubEnv("HARBORWRIGHT_IMAGES", "steal");
    await expect(imageSource(silentProgress)).rejects.toMatchObject({ details: { code: "supply/images-unknown" } });
  });

  test("is believed for a day where no registry was reached", async () => {
    await writeFile(finding, JSON.stringify({ source: "make", foundAt: 1_000 }));
    expect(await imageSource(silentProgress, 1_000 + DAY - 1)).toBe("make");
    expect(JSON.parse(await readFile(finding, "utf8"))).toEqual({ source: "make", foundAt: 1_000 });
  });

  test("is looked at again after a day where no registry was reached", async () => {
    await writeFile(finding, JSON.stringify({ source: "make", foundAt: 1_000 }));
    await imageSource(silentProgress, 1_000 + DAY);
    expect(JSON.parse(await readFile(finding, "utf8"))).toMatchObject({ foundAt: 1_000 + DAY });
  });

  test("stays a registry that was reached once: an outage must not exchange the images of a cluster", async () => {
    await writeFile(finding, JSON.stringify({ source: "pull", foundAt: 1_000 }));
    expect(await imageSource(silentProgress, 1_000 + 1_000 * DAY)).toBe("pull");
  });

  test("is found out again when the note of it was cut off", async () => {
    await writeFile(finding, '{"source":"pu');
    await imageSource(silentProgress, 5_000);
    expect(JSON.parse(await readFile(finding, "utf8"))).toMatchObject({ foundAt: 5_000 });
  });
});
