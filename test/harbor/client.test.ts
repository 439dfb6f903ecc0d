import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { HarborClient } from "../../harbor/client.js";
import { HarborError } from "../../harbor/harbor-error.js";
import { Problem } from "../../spec/problem.js";
import { Secret } from "../../spec/secret.js";
import { Operator } from "./harbor.js";
import { HarborServer, PASSWORD } from "./server/harbor-server.js";
import { selfSigned } from "./server/self-signed.js";

let server: HarborServer;
let secure: HarborServer;
const certificate = selfSigned("harbor.example.com");

beforeAll(async () => {
  server = await HarborServer.start();
  secure = await HarborServer.start(await certificate);
});
afterAll(async () => {
  await server.stop();
  await secure.stop();
});

const access = { user: "admin", password: new Secret(PASSWORD), patience: 0, timeout: 2_000 };
const labels = z.array(z.object({ id: z.number() }));
const problemOf = async (asked: Promise<unknown>) => {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Problem)) throw error ?? new Error("it was answered");
  return error.details;
};

test("a list of more than a page is read to its end", async () => {
  for (let number = 0; number < 230; number += 1) server.state.labels.add({ name: `l${number}`, project: 0 });
  const found = await new HarborClient({ ...access, nodes: [server.url] }).list("/labels", labels, { scope: "g" });
  expect(new Set(found.map(({ id }) => id)).size).toBe(230);
});

test("a wrong password is told as such", async () => {
  const client = new HarborClient({ ...access, nodes: [server.url], password: new Secret("Wrong-12345") });
  const problem = await problemOf(client.get("/configurations", z.unknown()));
  expect(problem.code).toBe("harbor/wrong-password");
  expect(JSON.stringify(problem)).not.toContain("Wrong-12345");
});

describe("a certificate", () => {
  test("of an unknown CA is not trusted, and nothing is sent", async () => {
    const client = new HarborClient({ ...access, nodes: [secure.url], hostname: "harbor.example.com" });
    expect((await problemOf(client.post("/labels", {}))).code).toBe("harbor/certificate");
    expect(secure.changes).toEqual([]);
  });
  test("of a known CA is trusted for the name it is for, whatever the node's address", async () => {
    const ca = (await certificate).cert;
    const client = new HarborClient({ ...access, nodes: [secure.url], ca, hostname: "harbor.example.com" });
    expect(await client.list("/labels", labels, { scope: "g" })).toEqual([]);
  });
  test("for another name is not trusted", async () => {
    const ca = (await certificate).cert;
    const client = new HarborClient({ ...access, nodes: [secure.url], ca, hostname: "other.example.com" });
    expect((await problemOf(client.list("/labels", labels, { scope: "g" }))).code).toBe("harbor/certificate");
  });
});

test("a node that refuses connections, and one that never answers, are passed over", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const nodes = ["http://127.0.0.1:1", `http://127.0.0.1:${port}`, server.url];
  const client = new HarborClient({ ...access, nodes, timeout: 300 });
  await client.put("/configurations", { token_expiration: 31 });
  expect(server.state.configuration.token_expiration).toBe(31);
  silent.close();
});

test("no node at all is told with each that was asked", async () => {
  const client = new HarborClient({ ...access, nodes: ["http://127.0.0.1:1", "http://127.0.0.1:2"] });
  const { code, says } = await problemOf(client.get("/configurations", z.unknown()));
  expect(code).toBe("harbor/unreachable");
  expect(says).toContain("http://127.0.0.1:1, http://127.0.0.1:2");
});

test("an answer that is not Harbor's is told as such", async () => {
  const client = new HarborClient({ ...access, nodes: [server.url] });
  expect((await problemOf(client.get("/configurations", z.array(z.string())))).code).toBe("harbor/strange-answer");
});

test("what Harbor refuses carries its status, its code and its words", async () => {
  const client = new HarborClient({ ...access, nodes: [server.url] });
  const error = await client.post("/labels", { name: "x", scope: "everywhere" }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HarborError);
  expect(error).toMatchObject({ status: 400, code: "BAD_REQUEST", says: "bad request: invalid scope: everywhere" });
});

describe("what cannot be applied names its field and what Harbor says", () => {
  const cases = [
    [
      "a user that nobody knows",
      { projects: [{ name: "a" }, { name: "b", members: [{ user: "carol", role: "guest" }] }] },
      {
        code: "harbor/refused",
        field: "harbor.settings.projects[1].members[0]",
        says: "Harbor refuses to make member b/user carol: user carol not found (NOT_FOUND)",
      },
    ],
    [
      "a project that shall become a cache",
      {
        registries: [{ name: "hub", kind: "docker-hub", url: "https://hub.docker.com" }],
        projects: [{ name: "library", public: true, proxyCache: { registry: "hub" } }],
      },
      { code: "harbor/cannot-change", field: "harbor.settings.projects[0]" },
    ],
  ] as const;
  test.each(cases)("%s", async (_name, file, problem) => {
    const operator = new Operator(server);
    expect(await problemOf(operator.apply(JSON.parse(JSON.stringify(file))))).toMatchObject(problem);
  });

  test("a registry that does not answer", async () => {
    server.state.reachable = false;
    const operator = new Operator(server);
    const file = { registries: [{ name: "gone", kind: "harbor" as const, url: "https://gone.example.com" }] };
    expect(await problemOf(operator.apply(file))).toMatchObject({
      field: "harbor.settings.registries[0]",
      says: expect.stringContaining("the registry is unhealthy"),
    });
  });

  test("a scan without a scanner", async () => {
    server.state.scanner = false;
    const operator = new Operator(server);
    expect(await problemOf(operator.plan({ scanAll: { schedule: "daily" } }))).toMatchObject({
      code: "harbor/no-scanner",
      field: "harbor.settings.scanAll",
    });
    expect((await operator.plan({ scanAll: { schedule: "never" } })).changes).toEqual([]);
  });

  test("a secret that nobody gave", async () => {
    const operator = new Operator(server);
    operator.store.get = () => undefined;
    const file = {
      registries: [{ name: "hub", kind: "docker-hub" as const, url: "https://hub.docker.com", username: "acme" }],
    };
    expect(await problemOf(operator.plan(file))).toMatchObject({
      code: "harbor/secret-missing",
      field: "harbor.settings.registries[0].username",
    });
  });
});
