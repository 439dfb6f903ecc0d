import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PATHS } from "../../release/layout.js";
import type { Release } from "../../release/release.js";
import { type Environment, environmentSchema } from "../../spec/environment.js";
import { hostileText, validEnvironments } from "../arbitrary/environment.js";
import { exampleEnvironment, fileAt, firstRelease, MARK, releasesOf, secretsOf } from "./example.js";
import { version2Keys, version3Keys } from "./registry-keys.js";

/** Distribution reads YAML 1.1. */
const YAML = { version: "1.1" } as const;

function configOf(environment: Environment, secrets = secretsOf(environment)) {
  const text = fileAt(firstRelease(environment, secrets), PATHS.registryConfig).content;
  const keys = environment.registry.version === "2.8" ? version2Keys : version3Keys;
  return keys.parse(parse(text, YAML));
}

describe("the registry's configuration", () => {
  test("holds only keys that its major version reads, each with a value of the right kind", () => {
    fc.assert(
      fc.property(validEnvironments(), (file) => {
        configOf(environmentSchema.parse(file));
      }),
      { numRuns: 60 },
    );
  });

  test.each(["3.1", "2.8"] as const)(
    "of version %s carries hostile texts unchanged, and nothing they hide",
    (version) => {
      const texts = fc.record({ realm: hostileText(), url: hostileText(), user: hostileText(), ending: hostileText() });
      fc.assert(
        fc.property(texts, ({ realm, url, user, ending }) => {
          const environment = exampleEnvironment({
            version,
            authentication: { kind: "htpasswd", realm },
            validation: { allowUrls: [url, "second"], denyUrls: [url] },
            mirror: { upstream: "https://registry-1.docker.io", username: user },
            notifications: [{ name: "bus", url: "https://bus.example.com/$x;'", authorization: true }],
          });
          const config = configOf(environment, secretsOf(environment, ending));
          expect(config.auth).toEqual({ htpasswd: { realm, path: PATHS.htpasswd } });
          expect(config.validation?.manifests.urls).toEqual({ allow: [url, "second"], deny: [url] });
          expect(config.proxy).toMatchObject({ username: user, password: `${MARK}mirror${ending}` });
          expect(config.http.secret).toBe(`${MARK}http${ending}`);
          expect(config.notifications?.endpoints).toMatchObject([
            {
              url: "https://bus.example.com/$x;'",
              headers: { Authorization: [`${MARK}notification-bus${ending}`] },
            },
          ]);
        }),
        { numRuns: 50 },
      );
    },
  );

  test("names the token server's hostile texts unchanged", () => {
    fc.assert(
      fc.property(hostileText(), hostileText(), hostileText(), (service, issuer, rootCertificates) => {
        const realm = "https://auth.example.com/token";
        const authentication = { kind: "token" as const, realm, service, issuer, rootCertificates };
        const { auth } = configOf(exampleEnvironment({ authentication }));
        expect(auth).toEqual({ token: { realm, service, issuer, rootcertbundle: PATHS.tokenRoots } });
      }),
      { numRuns: 30 },
    );
  });

  test("is the same on all nodes but for the node's own name and addresses", () => {
    const environment = exampleEnvironment({ metrics: { listen: "private" } });
    const neutral = (release: Release, address: string) =>
      fileAt(release, PATHS.registryConfig).content.replaceAll(release.node, "NODE").replaceAll(address, "ADDRESS");
    const texts = releasesOf(environment).map((release, index) => neutral(release, `198.18.0.${11 + index}`));
    expect(new Set(texts).size).toBe(1);
  });

  test("spells Alibaba's storage as each major wants it", () => {
    const endpoint = "https://oss-cn-hangzhou-internal.aliyuncs.com";
    const s3 = exampleEnvironment({ storage: { kind: "s3", bucket: "images", region: "cn-hangzhou", endpoint } });
    expect(configOf(s3).storage).toMatchObject({ s3: { regionendpoint: endpoint, forcepathstyle: false } });
    const oss = exampleEnvironment({
      version: "2.8",
      storage: { kind: "oss", bucket: "images", region: "oss-cn-hangzhou" },
    });
    expect(configOf(oss).storage).toMatchObject({ oss: { region: "oss-cn-hangzhou", internal: true, secure: true } });
  });

  test("writes the addresses of Redis as each major wants them", () => {
    const cache = { kind: "redis" as const, addresses: ["10.0.0.1:6379"], password: true };
    expect(configOf(exampleEnvironment({ cache })).redis).toMatchObject({
      addrs: ["10.0.0.1:6379"],
      password: `${MARK}redis`,
    });
    expect(configOf(exampleEnvironment({ cache, version: "2.8" })).redis).toMatchObject({ addr: "10.0.0.1:6379" });
  });
});
