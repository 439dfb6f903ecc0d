import fc from "fast-check";
import type { EnvironmentFile } from "../../spec/environment.js";
import { anyRegistries, validRegistries } from "./registry.js";
import { validSites } from "./site.js";
import type { Setting } from "./storage.js";
import { names } from "./text.js";

export { hostileText } from "./text.js";

/** Environments as a person could write them, that always parse and are never refused. */
export function validEnvironments(): fc.Arbitrary<EnvironmentFile> {
  return settings().chain((setting) =>
    environments(
      validRegistries(setting),
      validSites(setting).map((site) => [site]),
    ),
  );
}

/** Environments of the right shape that may be refused. */
export function anyEnvironments(): fc.Arbitrary<EnvironmentFile> {
  const sites = settings().chain((setting) => fc.array(validSites(setting), { minLength: 1, maxLength: 2 }));
  return environments(anyRegistries(), sites);
}

function settings(): fc.Arbitrary<Setting> {
  return fc.record({
    version: fc.constantFrom("3.1", "2.8"),
    provider: fc.constantFrom("local", "hosts"),
    nodes: fc.oneof(fc.constantFrom(1, 3), fc.integer({ min: 1, max: 9 })),
  });
}

function environments(
  registry: fc.Arbitrary<EnvironmentFile["registry"]>,
  sites: fc.Arbitrary<EnvironmentFile["sites"]>,
): fc.Arbitrary<EnvironmentFile> {
  return fc.record(
    {
      environment: names(),
      registry,
      front: fronts(),
      limits: fc.record({ registry: containers(), front: containers() }, { requiredKeys: [] }),
      hosts: fc.record(
        { installRuntime: fc.boolean(), keepReleases: fc.integer({ min: 2, max: 50 }) },
        { requiredKeys: [] },
      ),
      sites,
    },
    { requiredKeys: ["environment", "registry", "sites"] },
  );
}

function fronts(): fc.Arbitrary<NonNullable<EnvironmentFile["front"]>> {
  return fc.record(
    {
      kind: fc.constantFrom("nginx" as const, "haproxy" as const),
      http2: fc.boolean(),
      minimumTls: fc.constantFrom("1.2" as const, "1.3" as const),
      connectTimeout: fc.constantFrom("500ms", "1s", "2s"),
      readTimeout: fc.constantFrom("2s", "2500ms", "10s"),
      uploadTimeout: fc.constantFrom("60s", "300s", "15m"),
      hsts: fc.boolean(),
    },
    { requiredKeys: [] },
  );
}

function containers() {
  return fc.record(
    {
      memory: fc.constantFrom("256MiB", "1GiB"),
      cpus: fc.constantFrom(0.5, 1, 2.25, 4),
      processes: fc.integer({ min: 64, max: 4096 }),
    },
    { requiredKeys: [] },
  );
}
