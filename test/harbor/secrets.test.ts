import { afterAll, beforeAll, expect, test } from "vitest";
import { makeRobotSecret } from "../../harbor/secrets.js";
import { isMade, settableKind } from "../../secrets/names.js";
import { everything } from "./everything.js";
import { MemoryStore, Operator } from "./harbor.js";
import { HarborServer } from "./server/harbor-server.js";

let server: HarborServer;
beforeAll(async () => {
  server = await HarborServer.start();
});
afterAll(() => server.stop());

test("whatever is asked of the store can be set, and whatever is kept there is known as made", async () => {
  const store = new MemoryStore();
  const asked = new Set<string>();
  const get = store.get.bind(store);
  store.get = (name) => {
    asked.add(name);
    return get(name);
  };
  await new Operator(server, store).apply(everything);
  const given = [...asked].filter((name) => !isMade(name)).sort();
  expect(given).toEqual([
    "harbor/ldap",
    "harbor/oidc",
    "harbor/preheat/peers",
    "harbor/registry/hub",
    "harbor/webhook/team/scanner",
  ]);
  for (const name of given) expect(settableKind(name).origin).toBe("given");
  expect([...store.kept.keys()].filter((name) => !isMade(name))).toEqual([]);
});

test("a robot's secret is what Harbor takes, and never the same", () => {
  const made = Array.from({ length: 200 }, () => makeRobotSecret().reveal());
  for (const secret of made) expect(secret).toMatch(/^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[A-Za-z0-9]{32}$/);
  expect(new Set(made).size).toBe(made.length);
});
