import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Agreement, agreementOf, oddNode } from "../../harbor/agreement.js";
import { Secret } from "../../spec/secret.js";
import { HarborServer, PASSWORD } from "./server/harbor-server.js";
import { State } from "./server/state.js";

const servers: HarborServer[] = [];
const names = ["node-1", "node-2", "node-3"];

beforeAll(async () => {
  for (const _ of names) servers.push(await HarborServer.start());
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));
beforeEach(() => {
  const shared = new State();
  for (const server of servers) {
    server.state = shared;
    Object.assign(server.keys, { token: "shared", uploads: "shared" });
  }
});

const asked = (project: string | undefined = "library"): Promise<Agreement> =>
  agreementOf(
    { nodes: [], user: "admin", password: new Secret(PASSWORD), timeout: 5_000 },
    servers.map(({ url }, index) => ({ name: names[index] ?? "", url })),
    project,
  );
const between = ({ disagreements }: Agreement) =>
  disagreements.map(({ what, from, to }) => `${what} ${from} → ${to}`).sort();

test("nodes that share all agree, and one blob is all that stays, however often they are asked", async () => {
  expect(await asked()).toEqual({ disagreements: [] });
  expect(await asked()).toEqual({ disagreements: [] });
  expect([...(servers[0]?.state.blobs ?? [])]).toEqual([
    expect.stringMatching(/^library\/harborwright-agreement@sha256:[0-9a-f]{64}$/),
  ]);
  expect(servers[0]?.state.uploads.size).toBe(0);
});

describe.each([0, 1, 2])("node number %i", (odd) => {
  const name = names[odd] ?? "";

  test("with another key for tokens is found", async () => {
    Object.assign(servers[odd]?.keys ?? {}, { token: "another" });
    const agreement = await asked();
    const others = names.filter((other) => other !== name);
    expect(between(agreement)).toEqual(
      others.flatMap((other) => [`tokens ${name} → ${other}`, `tokens ${other} → ${name}`]).sort(),
    );
    expect(oddNode(names, agreement.disagreements)).toBe(name);
  });

  test("with another secret for uploads is found, and what was begun is taken away", async () => {
    Object.assign(servers[odd]?.keys ?? {}, { uploads: "another" });
    const agreement = await asked();
    expect(agreement.disagreements.map(({ what }) => what)).toEqual(["uploads", "uploads"]);
    expect(oddNode(names, agreement.disagreements)).toBe(name);
    expect(servers[0]?.state.uploads.size).toBe(0);
  });
});

test("three that all differ have no odd one among them", async () => {
  for (const [index, { keys }] of servers.entries()) keys.token = `${index}`;
  const { disagreements } = await asked();
  expect(disagreements).toHaveLength(6);
  expect(oddNode(names, disagreements)).toBeUndefined();
});

test.each([
  ["a project that is not there", () => asked("gone"), "404: project gone not found"],
  [
    "a Harbor that is read-only",
    () => {
      Object.assign(servers[0]?.state.configuration ?? {}, { read_only: true });
      return asked();
    },
    "403: The system is in read only mode.",
  ],
])("%s is no disagreement: only tokens are shown around", async (_name, ask, why) => {
  const { disagreements, uploadsLeftOut } = await ask();
  expect(disagreements).toEqual([]);
  expect(uploadsLeftOut).toContain(why);
});
