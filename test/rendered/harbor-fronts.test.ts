import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { askPlainly, RegistryClient } from "./client.js";
import { type Echo, HarborFront } from "./harbor-nodes.js";
import { until } from "./running.js";

/** HAProxy looks every two seconds and believes what it saw twice; then it looks as long again. */
const UNTIL_SEEN = 20_000;

const LAYER = "/v2/team/app/blobs/sha256:0000";
const UPLOAD = "/v2/team/app/blobs/uploads/";

describe.each([
  ["nginx", 91],
  ["haproxy", 93],
] as const)("%s before Harbor", (kind, block) => {
  let front: HarborFront;
  let client: RegistryClient;

  beforeAll(async () => {
    front = await HarborFront.start({ kind, block });
    client = clientOf(front);
    await until("the nodes are seen", async () => (await health()).status === 200);
  }, 60_000);
  afterEach(async () => {
    for (const node of front.nodes) Object.assign(node, { core: true, registry: true });
    await until("all nodes are back", async () => (await nodesThatServe()).size === 3, UNTIL_SEEN);
  }, 60_000);
  afterAll(() => front?.end());

  const health = () => askPlainly(`http://127.0.0.1:${front.environment.registry.ports.status}/healthz`);

  /** Names of the nodes that answer a dozen pulls. */
  async function nodesThatServe(): Promise<Set<string>> {
    const names = new Set<string>();
    for (let turn = 0; turn < 12; turn++) {
      const answer = await client.ask("GET", LAYER);
      if (answer.status === 200) names.add(echoOf(answer.body).node);
    }
    return names;
  }

  test("pages, the API, tokens and layers come through, with the host and port that the client named", async () => {
    const named = `registry.example.com:${front.environment.registry.ports.https}`;
    expect((await client.ask("GET", "/")).body).toBe("portal");
    for (const path of ["/api/v2.0/projects", "/service/token?service=x", "/c/login", LAYER, "/v2/"]) {
      const answer = await client.ask("GET", path, { headers: { Host: named } });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(echoOf(answer.body)).toMatchObject({ host: named, scheme: "https" });
    }
    expect((await client.ask("POST", "/api/v2.0/projects", { body: "{}" })).status).toBe(201);
  });

  test("no pull, no new upload and no manifest fails while the registry of one node is dead", async () => {
    front.node(0).registry = false;
    for (let turn = 0; turn < 20; turn++) {
      expect((await client.ask("GET", LAYER)).status).toBe(200);
      expect((await client.ask("POST", UPLOAD)).status).toBe(201);
      expect((await client.ask("PUT", "/v2/team/app/manifests/v1", { body: "{}" })).status).toBe(201);
    }
  });

  test("no pull, no token and no page fails while the core of one node is dead, and the front stays in service", async () => {
    front.node(0).core = false;
    for (let turn = 0; turn < 20; turn++) {
      for (const path of [LAYER, "/service/token", "/api/v2.0/projects"]) {
        expect([path, (await client.ask("GET", path)).status]).toEqual([path, 200]);
      }
    }
    expect((await health()).status).toBe(200);
  });

  test("without any core the front says so, to balancers as well", async () => {
    for (const node of front.nodes) node.core = false;
    await until("a balancer would see it", async () => (await health()).status === 503, UNTIL_SEEN);
    const answer = await client.ask("GET", LAYER);
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body).errors[0].code).toBe("UNAVAILABLE");
  }, 60_000);

  // nginx looks at no answer of its own: it passes a node over when a request fails there.
  if (kind === "haproxy") {
    test("a node whose health names its registry unhealthy gets no layers, and does when it is back", async () => {
      const sick = front.node(1);
      sick.registry = false;
      const spared = async () => {
        const before = sick.layers;
        await nodesThatServe();
        return sick.layers === before;
      };
      await until("nothing goes there", spared, UNTIL_SEEN);
      expect((await nodesThatServe()).size).toBe(2);
    }, 60_000);
  }
});

describe.each([
  ["nginx", 95],
  ["haproxy", 97],
] as const)("%s before a Harbor that speaks TLS", (kind, block) => {
  let front: HarborFront;
  beforeAll(async () => {
    front = await HarborFront.start({ kind, block, tls: true });
  }, 60_000);
  afterAll(() => front?.end());

  test("reaches it with the name and the CA of its certificate", async () => {
    const client = clientOf(front);
    await until("a node is seen", async () => (await client.ask("GET", LAYER)).status === 200);
    expect((await client.ask("GET", "/api/v2.0/projects")).status).toBe(200);
  });
});

function clientOf(front: HarborFront): RegistryClient {
  return new RegistryClient({ port: front.environment.registry.ports.https, ca: front.identity.ca });
}

function echoOf(body: string): Echo {
  return JSON.parse(body);
}
