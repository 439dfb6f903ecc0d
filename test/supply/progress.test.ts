import { expect, test } from "vitest";
import { progressLines } from "../../supply/progress.js";

function collected() {
  const lines: string[] = [];
  return { lines, progress: progressLines((line) => lines.push(line)) };
}

test("work shows that it begins, about how long it takes, and how long it took", async () => {
  const { lines, progress } = collected();
  expect(await progress.during("make tea", async () => "tea", "3 min")).toBe("tea");
  expect(lines).toEqual(["● make tea (about 3 min)", expect.stringMatching(/^✓ make tea \(\d+\.\d s\)$/)]);
});

test("work that fails says so, and the error goes on to whoever asked", async () => {
  const { lines, progress } = collected();
  await expect(progress.during("make tea", () => Promise.reject(new Error("no water")))).rejects.toThrow("no water");
  expect(lines.at(-1)).toMatch(/^✗ make tea \(gave up after \d+\.\d s\)$/);
});
