import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientIdentity } from "./certificates.js";
import { RegistryClient } from "./client.js";
import { AUTHORIZATION, Cluster } from "./cluster.js";
import { newFolder } from "./placed.js";
import { until } from "./running.js";

describe.each([
  ["nginx", 73],
  ["haproxy", 74],
] as const)("%s with client certificates, a limit of size and a short patience", (kind, block) => {
  let cluster: Cluster;
  const clients: RegistryClient[] = [];
  const people: { certificate: string; key: string }[] = [];

  const clientWith = (person: number | undefined) => {
    const certificate = person === undefined ? undefined : people[person];
    const made = new RegistryClient({
      port: cluster.environment.registry.ports.https,
      ca: cluster.identity.ca,
      authorization: AUTHORIZATION,
      ...(certificate === undefined ? {} : { certificate }),
    });
    clients.push(made);
    return made;
  };

  beforeAll(async () => {
    for (const name of ["known", "stranger"]) people.push(await clientIdentity(await newFolder(name)));
    cluster = await Cluster.start({
      kind,
      block,
      registry: { clientCertificates: { ca: "clients.pem" }, uploads: { maxLayerSize: "64KiB" } },
      front: { readTimeout: "500ms", connectTimeout: "500ms" },
      trusted: { "clients.pem": people[0]?.certificate ?? "" },
    });
  });

  afterAll(async () => {
    for (const made of clients) made.close();
    await cluster?.end();
  });

  test("a client with a certificate of the named CA comes in", async () => {
    expect((await clientWith(0).ask("GET", "/v2/")).status).toBe(200);
  });

  test.each([
    ["without a certificate", undefined],
    ["with a stranger's certificate", 1],
  ])("a client %s is told what it needs", async (_who, person) => {
    const answer = await clientWith(person).ask("GET", "/v2/");
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body).errors[0]).toMatchObject({
      code: "DENIED",
      message: "a client certificate of this registry is needed",
    });
  });

  test("a layer above the limit is refused in words, one below it is taken", async () => {
    const client = clientWith(0);
    await client.pushBlob("team/app", Buffer.alloc(60_000, "a"));
    const { place } = await client.begin("team/app");
    const answer = await client.ask("PATCH", place, { body: Buffer.alloc(70_000, "b") });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body).errors[0].code).toBe("SIZE_INVALID");
  });

  test("storage that is slow for all nodes is waited for and not an error", async () => {
    const client = clientWith(0);
    for (const registry of cluster.registries) registry.signal("SIGSTOP");
    // A hung registry is to nginx what a slow storage is: silent. HAProxy would find it dead by its checks, and
    // waits for those answers alone that list the storage.
    const asked = client.ask("GET", kind === "nginx" ? "/v2/team/app/blobs/none" : "/v2/_catalog");
    const started = performance.now();
    await until(
      "longer than three tries has passed",
      () => performance.now() - started > (kind === "nginx" ? 2_500 : 700),
    );
    for (const registry of cluster.registries) registry.signal("SIGCONT");
    expect([200, 404]).toContain((await asked).status);
  });
});
