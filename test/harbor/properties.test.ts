import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { harborSettingsSchema } from "../../spec/harbor/settings/settings.js";
import { fileText } from "../arbitrary/environment.js";
import { validHarborSettings } from "../arbitrary/harbor-settings.js";
import { harbor } from "../spec/harbor-environments.js";
import { problemsOf } from "../spec/problems.js";
import { MemoryStore, Operator, withoutRobotSecrets } from "./harbor.js";
import { HarborServer } from "./server/harbor-server.js";
import { State } from "./server/state.js";

let server: HarborServer;
beforeAll(async () => {
  server = await HarborServer.start();
});
afterAll(() => server.stop());

test("what these properties draw is accepted in an environment", () => {
  fc.assert(
    fc.property(validHarborSettings(), (settings) => {
      expect(problemsOf(fileText(harbor({ settings })))).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test("after any settings were applied nothing is left to do", async () => {
  await fc.assert(
    fc.asyncProperty(validHarborSettings(), async (settings) => {
      server.state = new State();
      const operator = new Operator(server);
      await operator.apply(settings);
      expect(await operator.text(settings)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test("from any settings to any others, with or without prune, nothing is left to do", async () => {
  await fc.assert(
    fc.asyncProperty(validHarborSettings(), validHarborSettings(), fc.boolean(), async (one, other, prune) => {
      server.state = new State();
      const operator = new Operator(server);
      await operator.apply(one);
      const next = { ...other, prune };
      await operator.apply(next);
      expect((await operator.plan(next)).changes).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test("with prune there is in the end what settings name, whatever was there", async () => {
  await fc.assert(
    fc.asyncProperty(validHarborSettings(), validHarborSettings(), async (one, other) => {
      server.state = new State();
      const operator = new Operator(server);
      await operator.apply(one);
      await operator.apply({ ...other, prune: true });
      const { projects, robots, replications } = harborSettingsSchema.parse(other);
      const names = (rows: Iterable<Record<string, unknown>>) => [...rows].map(({ name }) => name).sort();
      expect(names(server.state.projects.rows.values())).toEqual(
        ["library", ...projects.map(({ name }) => name)].sort(),
      );
      expect(names(server.state.replications.rows.values())).toEqual(replications.map(({ name }) => name).sort());
      expect(names(server.state.robots.rows.values())).toEqual(
        [...robots, ...projects.flatMap((project) => project.robots)].map(({ name }) => name).sort(),
      );
    }),
    { numRuns: 20 },
  );
});

test("killed at any change and run again, any settings end as if nothing had happened", async () => {
  await fc.assert(
    fc.asyncProperty(validHarborSettings(), fc.nat(200), fc.boolean(), async (settings, place, made) => {
      server.state = new State();
      server.changes.length = 0;
      await new Operator(server).apply(settings);
      const wanted = withoutRobotSecrets(server.state.picture());
      const changes = server.changes.length;
      fc.pre(changes > 0);

      server.state = new State();
      const store = new MemoryStore();
      server.fallAfter(place % changes, made);
      await expect(new Operator(server, store).apply(settings)).rejects.toThrow();
      server.rise();
      await new Operator(server, store).apply(settings);
      expect(withoutRobotSecrets(server.state.picture())).toBe(wanted);
    }),
    { numRuns: 30 },
  );
});
