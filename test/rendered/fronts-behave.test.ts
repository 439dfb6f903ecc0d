import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { PATHS } from "../../release/layout.js";
import { issueFrom, serialNumber } from "./certificates.js";
import { type Answer, askPlainly, RegistryClient } from "./client.js";
import { AUTHORIZATION, Cluster, USER } from "./cluster.js";
import { until } from "./running.js";

/** The longest that a pull may take while a node is dead or hangs, in milliseconds. */
const LONGEST_STALL = 3_000;

/** A line of the front's log. */
const loggedRequest = z.object({
  uri: z.string(),
  user: z.string(),
  authorization: z.boolean(),
  method: z.string(),
  status: z.int(),
  registry: z.string(),
});

/** What a loop of requests came to. */
interface Tally {
  readonly answers: readonly Answer[];
  /** Each kind of failure once. */
  readonly failures: readonly string[];
}

/** Pulls in four loops at once until told to stop. */
function pulls(client: RegistryClient, path: string) {
  const answers: Answer[] = [];
  const failures = new Set<string>();
  let going = true;
  const loop = async () => {
    while (going) {
      try {
        const answer = await client.ask("GET", path);
        answers.push(answer);
        if (answer.status !== 200) failures.add(`${answer.status} ${answer.body}`);
      } catch (error) {
        failures.add(String(error));
      }
    }
  };
  const loops = Promise.all([loop(), loop(), loop(), loop()]);
  return {
    answers,
    async stop(): Promise<Tally> {
      going = false;
      await loops;
      return { answers, failures: [...failures] };
    },
  };
}

/** Asks as the plainest health checks do: no host is named. */
async function askInOldHttp(port: number, path: string): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.write(`GET ${path} HTTP/1.0\r\n\r\n`);
  let answer = "";
  for await (const part of socket) answer += part;
  return answer;
}

function slowest({ answers }: Tally): number {
  return Math.max(...answers.map(({ milliseconds }) => milliseconds));
}

describe.each([
  ["nginx", 71],
  ["haproxy", 72],
] as const)("%s", (kind, block) => {
  let cluster: Cluster;
  let client: RegistryClient;
  const clients: RegistryClient[] = [];
  const layer = randomBytes(100_000);

  /** A client from an address of its own, so that limits count it apart. */
  const clientFrom = (last: number, authorization: string | undefined = AUTHORIZATION) => {
    const made = new RegistryClient({
      port: cluster.environment.registry.ports.https,
      ca: cluster.identity.ca,
      localAddress: `127.${block}.1.${last}`,
      ...(authorization === undefined ? {} : { authorization }),
    });
    clients.push(made);
    return made;
  };
  /** What the front has logged of requests below a path. */
  const logged = (path: string) =>
    cluster.front.said
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => loggedRequest.parse(JSON.parse(line)))
      .filter(({ uri }) => uri.startsWith(path));
  const ownRegistry = () => (kind === "nginx" ? `${cluster.address(0)}:` : "/node-1");
  const status = (path: string) => askPlainly(`http://127.0.0.1:${cluster.environment.registry.ports.status}${path}`);
  const touch = (node: number, path: string) => writeFile(cluster.node(node).at(path), "");
  const remove = (node: number, path: string) => rm(cluster.node(node).at(path), { force: true });
  const healthz = (status_: number, body: string) =>
    until(`/healthz says ${body}`, async () => {
      const answer = await status("/healthz");
      return answer.status === status_ && answer.body === body;
    });

  const serving = (node: number) =>
    until(`registry ${node} serves`, async () => {
      const { status: code } = await askPlainly(
        `http://${cluster.address(node)}:${cluster.environment.registry.ports.registry}/`,
      );
      return code === 200;
    });

  beforeAll(async () => {
    cluster = await Cluster.start({ kind, block, registry: { limits: { pushesPerSecond: 20, burst: 40 } } });
    client = clientFrom(1);
    await healthz(200, "ok\n");
    await client.pushImage("team/app", "1", [layer]);
  });

  afterAll(async () => {
    for (const made of clients) made.close();
    await cluster?.end();
  });

  test("a balancer that asks in HTTP/1.0 and names no host is told that the node is healthy", async () => {
    expect(await askInOldHttp(cluster.environment.registry.ports.status, "/healthz")).toMatch(/^HTTP\/1\.[01] 200 /);
  });

  test("an image that was pushed is pulled unchanged", async () => {
    const manifest = await client.ask("GET", "/v2/team/app/manifests/1");
    expect(manifest.status).toBe(200);
    const [{ digest }] = JSON.parse(manifest.body).layers;
    const blob = await client.ask("GET", `/v2/team/app/blobs/${digest}`);
    expect(Number(blob.headers["content-length"])).toBe(layer.length);
    expect(blob.headers["docker-distribution-api-version"]).toBe("registry/2.0");
    expect(blob.headers["strict-transport-security"]).toBe("max-age=31536000");
  });

  test("without a password the registry's own question comes through", async () => {
    const answer = await clientFrom(2, "").ask("GET", "/v2/");
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe('Basic realm="harborwright"');
  });

  test("the place of an upload is below the address that the client came in by", async () => {
    const { answer, place } = await client.begin("team/app");
    expect(answer.status).toBe(202);
    expect(place).toMatch(/^\/v2\/team\/app\/blobs\/uploads\//);
  });

  test("what is not the registry's is not found, in the registry's words", async () => {
    const answer = await client.ask("GET", "/robots.txt");
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body).errors).toHaveLength(1);
  });

  test("a request is logged in JSON with its user and never with the password", async () => {
    await client.ask("GET", "/v2/team/app/tags/list?mark='%22\\");
    await until("the request is logged", () => logged("/v2/team/app/tags/list?mark=").length > 0);
    expect(logged("/v2/team/app/tags/list?mark=")).toMatchObject([
      { user: USER.name, authorization: true, method: "GET", status: 200 },
    ]);
    const [, encoded = ""] = AUTHORIZATION.split(" ");
    expect(cluster.front.said).not.toContain(encoded);
    expect(cluster.front.said).not.toContain(USER.password);
  });

  test("an upload goes to the node's own registry", async () => {
    for (let index = 0; index < 6; index++) await client.pushBlob("own/node", randomBytes(50_000));
    await until("all requests are logged", () => logged("/v2/own/node/").length === 18);
    for (const { registry } of logged("/v2/own/node/")) expect(registry).toContain(ownRegistry());
  });

  test("while the node's registry drains, uploads go elsewhere and none fails", async () => {
    await touch(0, PATHS.registryDrain);
    for (let index = 0; index < 10; index++) await client.pushBlob("drained/node", randomBytes(200_000));
    await until("all requests are logged", () => logged("/v2/drained/node/").length === 30);
    for (const { registry } of logged("/v2/drained/node/")) expect(registry).not.toContain(ownRegistry());
    await remove(0, PATHS.registryDrain);
    await serving(0);
  });

  test("pulls go on without a failure while a registry is killed and comes back", async () => {
    const pulling = pulls(client, "/v2/team/app/manifests/1");
    await until("pulls have begun", () => pulling.answers.length > 20);
    await cluster.registry(1).kill();
    const before = pulling.answers.length;
    await until("pulls went on", () => pulling.answers.length > before + 200);
    await cluster.startRegistry(1);
    const tally = await pulling.stop();
    expect(tally.failures).toEqual([]);
    expect(slowest(tally)).toBeLessThan(LONGEST_STALL);
  });

  test("pulls go on without a failure while a registry hangs", async () => {
    const pulling = pulls(client, "/v2/team/app/manifests/1");
    await until("pulls have begun", () => pulling.answers.length > 20);
    const started = performance.now();
    cluster.registry(2).signal("SIGSTOP");
    await until("it has hung for five seconds", () => performance.now() - started > 5_000);
    const tally = await pulling.stop();
    cluster.registry(2).signal("SIGCONT");
    expect(tally.failures).toEqual([]);
    expect(slowest(tally)).toBeLessThan(LONGEST_STALL);
    expect(tally.answers.length).toBeGreaterThan(100);
  });

  test.each([
    ["drained before", true],
    ["drained by nobody", false],
  ])("a registry that is stopped, %s, finishes what is under way, and nothing fails", async (_how, drained) => {
    const pulling = pulls(client, "/v2/team/app/manifests/1");
    await until("pulls have begun", () => pulling.answers.length > 20);
    if (drained) await touch(0, PATHS.registryDrain);
    cluster.registry(0).signal("SIGTERM");
    for (let index = 0; index < 10; index++) await client.pushBlob("stopped/node", randomBytes(200_000));
    await until("the registry has ended", () => !cluster.registry(0).lives);
    await remove(0, PATHS.registryDrain);
    await cluster.startRegistry(0);
    expect((await pulling.stop()).failures).toEqual([]);
  });

  test("a new certificate is taken over by a reload, and no pull fails", async () => {
    const pulling = pulls(client, "/v2/team/app/manifests/1");
    await until("pulls have begun", () => pulling.answers.length > 20);
    const renewed = await issueFrom(cluster.identity.authority, cluster.identity.names);
    expect(await client.shownCertificate()).toBe(serialNumber(cluster.identity.chain));
    await cluster.installCertificate(renewed);
    cluster.front.signal(kind === "nginx" ? "SIGHUP" : "SIGUSR2");
    await until("the new one is shown", async () => (await client.shownCertificate()) === serialNumber(renewed.chain));
    expect((await pulling.stop()).failures).toEqual([]);
  });

  test("a node that is drained says so, and serves what still comes", async () => {
    expect(await status("/livez")).toMatchObject({ status: 200, body: "ok\n" });
    await touch(0, PATHS.drain);
    expect(await status("/livez")).toMatchObject({ status: 503, body: "drained\n" });
    expect(await status("/healthz")).toMatchObject({ status: 503, body: "drained\n" });
    expect((await client.ask("GET", "/v2/")).status).toBe(200);
    await remove(0, PATHS.drain);
    expect((await status("/livez")).status).toBe(200);
    expect((await status("/status")).status).toBe(200);
  });

  test("registries that lost their storage are a degraded node and not a dead one", async () => {
    for (const node of [0, 1, 2]) await touch(node, PATHS.registryDrain);
    await healthz(200, "degraded: storage\n");
    expect((await status("/livez")).status).toBe(200);
    const answer = await client.ask("GET", "/v2/team/app/manifests/1");
    expect(answer.status).toBe(503);
    expect(answer.headers["retry-after"]).toBe("5");
    expect(JSON.parse(answer.body).errors[0].code).toBe("UNAVAILABLE");
    for (const node of [0, 1, 2]) await remove(node, PATHS.registryDrain);
    for (const node of [0, 1, 2]) await serving(node);
    await healthz(200, "ok\n");
  });

  test("an image of ten layers is pushed at once although pushes are limited", async () => {
    const layers = Array.from({ length: 10 }, () => randomBytes(1_000));
    await clientFrom(3).pushImage("team/layers", "1", layers);
  });

  test("too many new layers are refused in words that a client can show, and reads are not", async () => {
    const hasty = clientFrom(4);
    const begun = Array.from({ length: 300 }, () => hasty.ask("POST", "/v2/team/hasty/blobs/uploads/"));
    const refused = (await Promise.all(begun)).filter(({ status: code }) => code !== 202);
    expect(refused.length).toBeGreaterThan(10);
    for (const answer of refused) {
      expect(answer.status).toBe(429);
      expect(answer.headers["retry-after"]).toBe("5");
      expect(JSON.parse(answer.body).errors[0].code).toBe("TOOMANYREQUESTS");
    }
    expect((await hasty.ask("GET", "/v2/team/app/manifests/1")).status).toBe(200);
    expect((await clientFrom(5).begin("team/app")).answer.status).toBe(202);
  });

  test("with no registry left the answer says so and when to come again", async () => {
    for (const registry of cluster.registries) await registry.kill();
    await healthz(503, "no registry answers\n");
    expect((await status("/livez")).status).toBe(200);
    const answer = await client.ask("GET", "/v2/team/app/manifests/1");
    expect(answer.status).toBe(503);
    expect(answer.headers["retry-after"]).toBe("5");
    expect(JSON.parse(answer.body).errors[0].code).toBe("UNAVAILABLE");
    await Promise.all([0, 1, 2].map((node) => cluster.startRegistry(node)));
    await healthz(200, "ok\n");
  });
});
