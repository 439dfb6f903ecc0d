import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { untilSeen } from "../../../certificates/seen-record.js";
import { codeOf } from "../../secrets/fixture.js";
import { NameServer } from "./name-server.js";

const NAME = "_acme-challenge.registry.example.com";
const WANTED = { zone: "example.com", name: NAME, text: "proof", resolvers: [] };
const PATIENCE = { deadline: 1_500, between: 50 };

/** Whom this machine asks, and two servers of the zone. */
const ADDRESSES = { system: "127.0.53.1", first: "127.0.53.2", second: "127.0.53.3" } as const;
let system: NameServer;
let first: NameServer;
let second: NameServer;
beforeAll(async () => {
  system = await NameServer.start(ADDRESSES.system, {
    "example.com": { NS: ["ns1.example.com", "ns2.example.com"] },
    "ns1.example.com": { A: [ADDRESSES.first] },
    "ns2.example.com": { A: [ADDRESSES.second] },
    // An answer from before, as a resolver between may keep it: nobody may rely on it.
    [NAME]: { TXT: ["proof"] },
  });
  first = await NameServer.start(ADDRESSES.first);
  second = await NameServer.start(ADDRESSES.second);
});
afterAll(() => {
  for (const server of [system, first, second]) server?.stop();
});
beforeEach(() => {
  first.known[NAME] = { TXT: ["proof"] };
  second.known[NAME] = { TXT: ["proof"] };
});

const seen = (changes: Partial<typeof WANTED> = {}) =>
  untilSeen({ ...WANTED, ...changes }, PATIENCE, [ADDRESSES.system]);

test("a record that all servers of the zone give is seen", async () => {
  await expect(seen()).resolves.toBeUndefined();
});

test("texts of others beside it do not hide it", async () => {
  first.known[NAME] = { TXT: ["of somebody else", "proof"] };
  await expect(seen()).resolves.toBeUndefined();
});

test("it is waited for the last of them", async () => {
  delete second.known[NAME];
  const waiting = seen();
  setTimeout(() => {
    second.known[NAME] = { TXT: ["proof"] };
  }, 300);
  await expect(waiting).resolves.toBeUndefined();
});

test("a server that has none, or another, is named when the time is up", async () => {
  delete first.known[NAME];
  second.known[NAME] = { TXT: ["of a run before"] };
  const failure = await seen().catch((error: unknown) => error);
  expect(failure).toMatchObject({ details: { code: "dns/record-not-seen" } });
  expect(`${failure}`).toContain("2 of 2 name servers");
  expect(`${failure}`).toContain("ns1.example.com has no text; ns2.example.com has another text");
});

test("a zone without name servers is told as one that nobody can ask", async () => {
  expect(await codeOf(seen({ zone: "example.org" }))).toBe("dns/zone-not-delegated");
  system.known["example.net"] = { NS: ["ns.nowhere.net"] };
  expect(await codeOf(seen({ zone: "example.net" }))).toBe("dns/zone-not-delegated");
});
