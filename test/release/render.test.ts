import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PATHS } from "../../release/layout.js";
import { environmentSchema } from "../../spec/environment.js";
import { Problem } from "../../spec/problem.js";
import { validEnvironments } from "../arbitrary/environment.js";
import { exampleEnvironment, fileAt, firstRelease, IMAGES, releasesOf, secretsOf } from "./example.js";

function paths(release: { files: readonly { path: string }[] }): string[] {
  return release.files.map(({ path }) => path);
}

describe("rendering", () => {
  test("the same input gives the same bytes", () => {
    fc.assert(
      fc.property(validEnvironments(), (file) => {
        const once = releasesOf(environmentSchema.parse(file));
        const again = releasesOf(environmentSchema.parse(structuredClone(file)));
        expect(again).toEqual(once);
      }),
      { numRuns: 30 },
    );
  });

  test("every node gets a release of its own, in the order of the site", () => {
    const releases = releasesOf(exampleEnvironment());
    expect(releases.map(({ node }) => node)).toEqual(["node-1", "node-2", "node-3"]);
    expect(new Set(releases.map(({ digest }) => digest)).size).toBe(3);
  });

  test("files are sorted by path and no path comes twice", () => {
    fc.assert(
      fc.property(validEnvironments(), (file) => {
        for (const release of releasesOf(environmentSchema.parse(file))) {
          expect(paths(release)).toEqual([...new Set(paths(release))].sort());
        }
      }),
      { numRuns: 30 },
    );
  });

  test("a single node has no floating address", () => {
    const single = exampleEnvironment({}, { sites: [{ name: "here", provider: "local", nodes: { count: 1 } }] });
    expect(paths(firstRelease(single)).filter((path) => path.includes("floating"))).toEqual([]);
  });

  test("behind a load balancer there is no floating address", () => {
    const balanced = exampleEnvironment(
      {},
      { sites: [{ name: "here", provider: "local", entry: { from: "balancer" } }] },
    );
    expect(paths(firstRelease(balanced)).filter((path) => path.includes("floating"))).toEqual([]);
  });

  test("no two nodes have the same priority for the floating address", () => {
    const nine = exampleEnvironment({}, { sites: [{ name: "here", provider: "local", nodes: { count: 9 } }] });
    const priorities = releasesOf(nine).map(
      (release) => /priority (\d+)/.exec(fileAt(release, PATHS.keepalivedConfig).content)?.[1],
    );
    expect(new Set(priorities).size).toBe(9);
  });

  test("a node does not look for an interface that the environment names", () => {
    const named = exampleEnvironment(
      {},
      { sites: [{ name: "here", provider: "local", entry: { from: "floating", interface: "bond0.100" } }] },
    );
    const release = firstRelease(named);
    expect(paths(release)).not.toContain(PATHS.floatingInterface);
    expect(fileAt(release, PATHS.keepalivedConfig).content).toContain("$INTERFACE=bond0.100");
  });

  test("the storage that the environment needs and nobody brought is named", () => {
    const environment = exampleEnvironment();
    const { storage: _, ...without } = secretsOf(environment);
    expect(() => releasesOf(environment, without)).toThrow(Problem);
    expect(() => releasesOf(environment, without)).toThrow(/the access key of the storage/);
  });

  test("with the role of the machine no keys are written", () => {
    const environment = exampleEnvironment({
      storage: { kind: "s3", bucket: "images", region: "eu-central-1", credentials: "instance-role" },
    });
    const { storage: _, ...without } = secretsOf(environment);
    const config = fileAt(firstRelease(environment, without), PATHS.registryConfig).content;
    expect(config).not.toMatch(/accesskey|secretkey/);
  });
});

describe("who must act on a change", () => {
  const before = firstRelease(exampleEnvironment());
  const changed = (environment: ReturnType<typeof exampleEnvironment>, secrets = secretsOf(environment)) => {
    const after = firstRelease(environment, secrets);
    return Object.keys(after.units).filter(
      (unit) => after.units[unit as keyof typeof after.units] !== before.units[unit as keyof typeof before.units],
    );
  };

  test("another level of the registry's log makes its container anew", () => {
    expect(changed(exampleEnvironment({ log: { level: "debug" } }))).toEqual(["registry", "service"]);
  });

  test("the compose file names the digest of the registry's files", () => {
    expect(fileAt(before, PATHS.compose).content).toContain(`harborwright.config: "${before.units.registry}"`);
  });

  test("another time-out of the front is reloaded and restarts nothing", () => {
    expect(changed(exampleEnvironment({}, { front: { readTimeout: "5s" } }))).toEqual(["front"]);
  });

  test("another certificate is reloaded and restarts nothing", () => {
    const environment = exampleEnvironment();
    const secrets = secretsOf(environment, "another");
    const certificates = { certificates: secrets.certificates };
    expect(changed(environment, { ...secretsOf(environment), ...certificates })).toEqual(["front"]);
  });

  test("another password needs nobody: the registry reads the file again by itself", () => {
    const environment = exampleEnvironment();
    const htpasswd = secretsOf(environment, "another").htpasswd;
    if (htpasswd === undefined) throw new Error("the example has a password file");
    expect(changed(environment, { ...secretsOf(environment), htpasswd })).toEqual(["nothing"]);
  });

  test("another image changes the compose file alone", () => {
    const images = { ...IMAGES, nginx: { ...IMAGES.nginx, reference: `sha256:${"d".repeat(64)}` } };
    const after = firstRelease(exampleEnvironment(), undefined, images);
    const differing = after.files.filter(({ path, content }) => content !== fileAt(before, path).content);
    expect(paths({ files: differing })).toEqual([PATHS.compose]);
  });

  test("a port that needs no rights sets no limit in the kernel", () => {
    const high = firstRelease(exampleEnvironment({ ports: { https: 8443 } }));
    expect(fileAt(high, PATHS.sysctl).content).not.toContain("ip_unprivileged_port_start");
    expect(fileAt(before, PATHS.sysctl).content).toContain("net.ipv4.ip_unprivileged_port_start = 443");
  });
});
