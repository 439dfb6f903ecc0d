import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { PATHS } from "../../release/layout.js";
import { type Environment, type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { validEnvironments } from "../arbitrary/environment.js";
import { exampleEnvironment, fileAt, firstRelease, IMAGES, secretsOf } from "../release/example.js";
import { type ServerIdentity, serverIdentity } from "./certificates.js";
import { consumer, type Verdict, verdictInOwnNetwork } from "./consumers.js";
import { newFolder, placeRelease } from "./placed.js";

type Kind = "nginx" | "haproxy";

const programs: Record<Kind, string> = { nginx: "", haproxy: "" };
let identity: ServerIdentity;

beforeAll(async () => {
  programs.nginx = await consumer("nginx");
  programs.haproxy = await consumer("haproxy");
  identity = await serverIdentity(["registry.example.com"]);
});

/** What the front of the first node says to its configuration. */
async function read(environment: Environment): Promise<Verdict> {
  const { kind } = environment.front;
  const secrets = secretsOf(environment);
  const { chain, key, ca } = identity;
  const release = firstRelease(environment, {
    ...secrets,
    certificates: Object.fromEntries(Object.keys(secrets.certificates).map((site) => [site, { chain, key }])),
    trusted: Object.fromEntries(Object.keys(secrets.trusted).map((path) => [path, ca])),
  });
  const placed = await placeRelease(release, await newFolder("front"));
  if (kind === "haproxy") return verdictInOwnNetwork([programs.haproxy, "-c", "-f", placed.at(PATHS.haproxyConfig)]);
  return verdictInOwnNetwork([programs.nginx, "-e", "stderr", "-t", "-c", placed.at(PATHS.nginxConfig)]);
}

/** Neither program may have anything to say but that all is well. */
function complaints({ said }: Verdict): string[] {
  const fine =
    /^$|syntax is ok|test is successful|haproxy version is|path to executable is|^Configuration file is valid/;
  return said.split("\n").filter((line) => !fine.test(line));
}

describe.each(["nginx", "haproxy"] as const)("%s", (kind) => {
  test("reads its configuration without a complaint, whatever the environment", async () => {
    await fc.assert(
      fc.asyncProperty(validEnvironments(), async (file) => {
        const found = await read(environmentSchema.parse({ ...file, front: { ...file.front, kind } }));
        expect(complaints(found)).toEqual([]);
        expect(found.exitCode).toBe(0);
      }),
      { numRuns: 25 },
    );
  }, 180_000);

  test.each<[string, Partial<EnvironmentFile["registry"]>, EnvironmentFile["front"]]>([
    ["defaults", {}, {}],
    ["client certificates", { clientCertificates: { ca: "clients.pem" } }, {}],
    ["TLS 1.3 alone and no HTTP/2", {}, { minimumTls: "1.3", http2: false }],
    ["a limit of the size of layers", { uploads: { maxLayerSize: "20GiB" } }, {}],
    ["a mirror", { mirror: { upstream: "https://registry-1.docker.io" } }, {}],
    ["no log of requests", { log: { requests: false } }, { hsts: false }],
  ])("reads %s", async (_what, registry, front) => {
    const found = await read(exampleEnvironment(registry, { front: { ...front, kind } }));
    expect(complaints(found)).toEqual([]);
    expect(found.exitCode).toBe(0);
  });
});

test.each(["nginx", "haproxy"] as const)(
  "a certificate that cannot be read is found by %s, so the check can fail",
  async (kind) => {
    const good = identity;
    identity = { ...good, chain: "no certificate" };
    const found = await read(exampleEnvironment({}, { front: { kind } }));
    identity = good;
    expect(found.exitCode).toBe(1);
  },
);

test("HTTP/2 is a parameter of listen up to nginx 1.25.0 and a directive from 1.25.1 on", () => {
  const conf = (version: string) => {
    const images = { ...IMAGES, nginx: { ...IMAGES.nginx, version } };
    const environment = exampleEnvironment();
    return fileAt(firstRelease(environment, secretsOf(environment), images), PATHS.nginxConfig).content;
  };
  for (const version of ["1.22.1", "1.25.0", "1.18"]) expect(conf(version)).toMatch(/listen 443 ssl http2 /);
  for (const version of ["1.25.1", "1.28", "1.28.0", "2.0"]) {
    expect(conf(version)).toMatch(/listen 443 ssl backlog/);
    expect(conf(version)).toContain("http2 on;");
  }
});
