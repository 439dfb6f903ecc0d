import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { RegistryClient } from "./client.js";
import { AUTHORIZATION, Cluster } from "./cluster.js";
import { until } from "./running.js";

/** A line of the front's log. */
const loggedRequest = z.object({ uri: z.string(), client: z.string() });

describe.each([
  ["nginx", 75],
  ["haproxy", 76],
] as const)("%s behind a balancer that reads requests", (kind, block) => {
  let cluster: Cluster;
  const clients: RegistryClient[] = [];

  /** What comes from an address of this machine. */
  const from = (address: string) => {
    const made = new RegistryClient({
      port: cluster.environment.registry.ports.https,
      ca: cluster.identity.ca,
      localAddress: address,
      authorization: AUTHORIZATION,
    });
    clients.push(made);
    return made;
  };
  const balancer = `127.${block}.2.1`;
  const pull = (client: RegistryClient, path: string, forwarded: string) =>
    client.ask("GET", path, { headers: { "X-Forwarded-For": forwarded } });
  /** Which client the front has written down for a path. */
  const loggedClient = async (path: string) => {
    const logged = () =>
      cluster.front.said
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => loggedRequest.parse(JSON.parse(line)))
        .find(({ uri }) => uri.startsWith(path));
    await until(`${path} is logged`, () => logged() !== undefined);
    return logged()?.client;
  };

  beforeAll(async () => {
    cluster = await Cluster.start({
      kind,
      block,
      forwardsFrom: [`127.${block}.2.0/24`],
      registry: { limits: { pushesPerSecond: 1, burst: 5 } },
    });
  });

  afterAll(async () => {
    for (const made of clients) made.close();
    await cluster?.end();
  });

  test("the client is who the balancer says, and not what the client itself has sent before", async () => {
    await pull(from(balancer), "/v2/team/told/tags/list", "192.0.2.66, 203.0.113.5");
    expect(await loggedClient("/v2/team/told/")).toBe("203.0.113.5");
  });

  test("nobody else is believed", async () => {
    await pull(from(`127.${block}.1.1`), "/v2/team/lied/tags/list", "203.0.113.5");
    expect(await loggedClient("/v2/team/lied/")).toBe(`127.${block}.1.1`);
  });

  test("one client that pushes too much does not use up what another may push", async () => {
    const begin = (client: string) =>
      from(balancer).ask("POST", "/v2/team/app/blobs/uploads/", { headers: { "X-Forwarded-For": client } });
    const greedy = await Promise.all(Array.from({ length: 40 }, () => begin("203.0.113.7")));
    expect(greedy.some(({ status }) => status === 429)).toBe(true);
    expect((await begin("203.0.113.8")).status).toBe(202);
  });
});
