import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PATHS } from "../../release/layout.js";
import type { ReleaseSecrets } from "../../release/release.js";
import { Secret } from "../../spec/secret.js";
import { goTool } from "../../supply/go-tool.js";
import { silentProgress } from "../../supply/progress.js";
import { serverIdentity } from "./certificates.js";
import { askPlainly } from "./client.js";
import { consumer, verdict } from "./consumers.js";
import { newFolder } from "./placed.js";
import { freePorts } from "./ports.js";
import { Running, until } from "./running.js";
import { ADDRESS, type RegistryFile, startRegistry } from "./started-registry.js";

const KEYS = { accessKey: new Secret("lab-access"), secretKey: new Secret("lab-secret-key") };
const FILES: RegistryFile["storage"] = { kind: "filesystem" };

describe.each(["3.1", "2.8"] as const)("version %s", (version) => {
  const running: Running[] = [];

  afterEach(async () => {
    for (const one of running.splice(0)) await one.kill();
  });

  const start = (registry: Partial<RegistryFile>, secrets?: Partial<ReleaseSecrets>) =>
    startRegistry({ ...registry, version }, secrets, running);

  /** The value of an Authorization header. */
  const basic = (user: string, password: string) => ({
    Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
  });
  const line = (user: string, password: string) => new Secret(`${user}:${bcrypt.hashSync(password, 4)}\n`);

  test("keeps images in a folder and asks for the password of its users", async () => {
    const realm = 'our "images" #1';
    const started = await start(
      { storage: FILES, authentication: { kind: "htpasswd", realm } },
      { htpasswd: line("operator", "one") },
    );
    const asked = await started.ask("GET", "/v2/");
    expect(asked.status).toBe(401);
    expect(asked.headers["www-authenticate"]).toBe('Basic realm="our \\"images\\" #1"');
    expect(asked.headers["x-content-type-options"]).toBe("nosniff");
    expect((await started.ask("GET", "/v2/", { headers: basic("operator", "one") })).status).toBe(200);
    expect(await started.keeps("layer", basic("operator", "one"))).toBe(true);
  });

  test("takes a new password file over without a restart", async () => {
    const started = await start({ storage: FILES }, { htpasswd: line("operator", "one") });
    const ask = (password: string) => started.ask("GET", "/v2/", { headers: basic("operator", password) });
    expect((await ask("one")).status).toBe(200);
    await writeFile(started.placed.at(PATHS.htpasswd), line("operator", "two").reveal());
    expect((await ask("two")).status).toBe(200);
    expect((await ask("one")).status).toBe(401);
  });

  test("answers 503 while its drain file is there, and serves again after", async () => {
    const started = await start({ storage: FILES, authentication: { kind: "none" } });
    const drain = started.placed.at(PATHS.registryDrain);
    await writeFile(drain, "");
    await until("it drains", async () => (await started.ask("GET", "/healthz")).status === 503);
    await rm(drain);
    // To an unknown path a healthy registry answers 404: the fronts' health check relies on it.
    await until("it serves", async () => (await started.ask("GET", "/healthz")).status === 404);
  });

  test("keeps images in S3", async () => {
    const [port = 0] = await freePorts(1);
    const bucket = await newFolder("s3");
    await mkdir(join(bucket, "images"));
    const gateway = Running.start(
      [await goTool("versitygw", silentProgress), "--port", `${ADDRESS}:${port}`, "--quiet", "posix", bucket],
      join(bucket, "..", "versitygw.log"),
      { ROOT_ACCESS_KEY: KEYS.accessKey.reveal(), ROOT_SECRET_KEY: KEYS.secretKey.reveal() },
    );
    running.push(gateway);
    await gateway.ready(ADDRESS, port);
    const started = await start(
      {
        storage: {
          kind: "s3",
          bucket: "images",
          region: "us-east-1",
          endpoint: `http://${ADDRESS}:${port}`,
          forcePathStyle: true,
        },
        health: { interval: "1s", threshold: 1 },
        authentication: { kind: "none" },
      },
      { storage: KEYS },
    );
    expect(await started.keeps("layer")).toBe(true);
    await gateway.kill();
    await until("the loss of the storage is seen", async () => (await started.ask("GET", "/")).status === 503);
  });

  test("remembers blobs in Redis", async () => {
    const [port = 0] = await freePorts(1);
    const folder = await newFolder("redis");
    const password = 'red"is #1';
    const settings = join(folder, "redis.conf");
    await writeFile(
      settings,
      `bind ${ADDRESS}\nport ${port}\nsave ""\ndir ${folder}\nrequirepass "${password.replace('"', '\\"')}"\n`,
    );
    const redis = Running.start([await consumer("redis"), settings], join(folder, "redis.log"));
    running.push(redis);
    await redis.ready(ADDRESS, port);
    const started = await start(
      {
        storage: FILES,
        cache: { kind: "redis", addresses: [`${ADDRESS}:${port}`], database: 3, password: true },
        authentication: { kind: "none" },
      },
      { redisPassword: new Secret(password) },
    );
    expect(await started.keeps("layer")).toBe(true);
    const asked = ["redis-cli", "-h", ADDRESS, "-p", String(port), "--no-auth-warning", "-a", password, "-n", "3"];
    expect(Number((await verdict([...asked, "dbsize"])).said)).toBeGreaterThan(0);
  });

  test("mirrors another registry and takes no pushes", async () => {
    const upstream = await start({ storage: FILES, authentication: { kind: "none" } });
    expect(await upstream.keeps("layer")).toBe(true);
    const mirror = await start({
      storage: FILES,
      mirror: { upstream: upstream.url },
      authentication: { kind: "none" },
    });
    const digest = createHash("sha256").update("layer").digest("hex");
    expect((await mirror.ask("GET", `/v2/team/app/blobs/sha256:${digest}`)).body).toBe("layer");
    expect((await mirror.ask("POST", "/v2/team/app/blobs/uploads/")).status).toBe(405);
  });

  test("sends clients to the token server", async () => {
    const { ca } = await serverIdentity(["auth.example.com"]);
    const started = await start(
      {
        storage: FILES,
        authentication: {
          kind: "token",
          realm: "https://auth.example.com/token",
          service: "images #1",
          issuer: "ours: us",
          rootCertificates: "roots.pem",
        },
      },
      { trusted: { "roots.pem": ca } },
    );
    const { headers, status } = await started.ask("GET", "/v2/");
    expect(status).toBe(401);
    expect(headers["www-authenticate"]).toBe('Bearer realm="https://auth.example.com/token",service="images #1"');
  });

  test("starts with everything else that can be set", async () => {
    const started = await start({
      storage: FILES,
      authentication: { kind: "none" },
      readOnly: true,
      log: { level: "debug", format: "logstash" },
      validation: { allowUrls: ["^https://[a-z.]+/"], denyUrls: ['"{{#$'], indexPlatforms: "none" },
      notifications: [
        { name: "bus", url: "https://bus.example.com/x?y='z'", authorization: true, ignoreActions: ["pull"] },
        { name: "other", url: "https://bus.example.com/", ignoreMediaTypes: ["application/octet-stream"] },
      ],
      uploads: { purgeAfter: "7d", purgeEvery: "36h" },
      cache: { kind: "none" },
    });
    expect((await started.ask("GET", "/v2/")).status).toBe(200);
    expect((await started.ask("POST", "/v2/team/app/blobs/uploads/")).status).toBe(405);
  });

  test("serves its metrics on their own port", async () => {
    const started = await start({ storage: FILES, authentication: { kind: "none" } });
    const config = parse(await readFile(started.placed.at(PATHS.registryConfig), "utf8"));
    const own = `http://${config.http.debug.addr}`;
    expect((await askPlainly(`${own}/metrics`)).body).toContain("registry_http");
    expect(JSON.parse((await askPlainly(`${own}/debug/health`)).body)).toEqual({});
  });
});

test("version 3.1 takes the parameters of Azure's storage, which it asks for nothing at its start", async () => {
  const running: Running[] = [];
  const started = await startRegistry(
    {
      storage: { kind: "azure", account: "images", container: "images" },
      authentication: { kind: "none" },
      health: { interval: "1h" },
    },
    { storage: { ...KEYS, secretKey: new Secret(Buffer.from("key").toString("base64")) } },
    running,
  );
  expect((await started.ask("GET", "/v2/")).status).toBe(200);
  for (const one of running) await one.kill();
});
