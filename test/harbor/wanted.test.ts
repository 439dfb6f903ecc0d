import { expect, test } from "vitest";
import { allWanted } from "../../harbor/sections.js";
import { harborSettingsSchema } from "../../spec/harbor/settings/settings.js";
import { Problem } from "../../spec/problem.js";
import { everything } from "./everything.js";
import { MemoryStore } from "./harbor.js";

const wish = (file: Parameters<typeof harborSettingsSchema.parse>[0]) => ({
  secrets: new MemoryStore(),
  settings: harborSettingsSchema.parse(file),
});

test("a file that says nothing of settings wants none", () => {
  expect(allWanted(wish({}))).toEqual([]);
});

test("all that is wanted is known before there is a Harbor", () => {
  const fields = allWanted(wish(everything)).map(({ field }) => field);
  expect(fields).toContain("harbor.settings.projects[0].robots[0]");
  expect(fields).toContain("harbor.settings.replications[1]");
  expect(fields.length).toBeGreaterThan(20);
});

test("a password that somebody has to give is missed before anything is made", () => {
  const registries = [{ name: "hub", kind: "docker-hub", url: "https://hub.docker.com", username: "acme" }];
  const empty = { get: () => undefined, keep: async () => {} };
  const missing = () => allWanted({ ...wish({ registries }), secrets: empty });
  expect(missing).toThrow(Problem);
  expect(missing).toThrow("harbor/registry/hub");
});
