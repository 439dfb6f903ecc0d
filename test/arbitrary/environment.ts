import fc from "fast-check";
import { stringify } from "yaml";
import type { EnvironmentFile } from "../../spec/environment.js";
import { isPublicName } from "../../spec/url.js";
import { harborBlocks, harborRegistries } from "./harbor.js";
import { anyRegistries, validRegistries } from "./registry.js";
import { validSites } from "./site.js";
import type { Setting } from "./storage.js";
import { hostnames, names } from "./text.js";

export { hostileText } from "./text.js";

const SETTINGS: readonly Setting[] = (["3.1", "2.8"] as const).flatMap((version) =>
  (["local", "hosts", "alicloud", "aws"] as const).flatMap((provider) =>
    [1, 2, 3, 9].map((nodes) => ({ version, provider, nodes })),
  ),
);

/** Environments as a person could write them, that always parse and are never refused. */
export function validEnvironments(): fc.Arbitrary<EnvironmentFile> {
  return fc
    .oneof(...SETTINGS.map((setting) => environments(validRegistries(setting), fc.tuple(validSites(setting)))))
    .map(withTlsWhereItIsNeeded)
    .map(withNamesThatCanBeProved)
    .map(withPatienceOfTheBalancer);
}

/** Environments with Harbor that always parse and are never refused. Hosts only: no cloud brings a data base yet. */
export function validHarborEnvironments(): fc.Arbitrary<EnvironmentFile> {
  const settings = (["local", "hosts"] as const).flatMap((provider) =>
    [1, 2, 3, 9].map((nodes) => ({ version: "3.1" as const, provider, nodes })),
  );
  return fc
    .oneof(...settings.map(harborEnvironments))
    .filter(({ sites: [site], registry }) => !(registry.redirect && site?.provider === "local" && site.publish))
    .map(withNamesThatCanBeProved);
}

function harborEnvironments(setting: Setting): fc.Arbitrary<EnvironmentFile> {
  return fc
    .record({ environment: names, hostname: hostnames, registry: harborRegistries(setting), site: validSites(setting) })
    .chain(({ environment, hostname, registry, site }) =>
      harborBlocks(setting, registry.version).map((harbor) => ({
        environment,
        registry: { ...registry, engine: "harbor" as const, hostname },
        harbor: { ...harbor, release: { sha256: "0".repeat(64) } },
        sites: [site],
      })),
    );
}

/** An ALB of Alibaba Cloud waits ten minutes and no longer, so a front that waits longer is refused. */
function withPatienceOfTheBalancer(environment: EnvironmentFile): EnvironmentFile {
  const impatient = environment.sites.some((site) => site.provider === "alicloud" && site.entry?.kind === "alb");
  if (!impatient || environment.front === undefined) return environment;
  return { ...environment, front: { ...environment.front, uploadTimeout: "300s" } };
}

/** A certificate is asked for in the zone of the name; only a CA of one's own gives one for a name of nobody's. */
function withNamesThatCanBeProved(environment: EnvironmentFile): EnvironmentFile {
  const { hostname } = environment.registry;
  const zone = hostname.split(".").slice(-2).join(".");
  const sites = environment.sites.map((site) => {
    if (site.certificate?.from !== "lets-encrypt") return site;
    const { directory = "production", dns, ...rest } = site.certificate;
    const asked = isPublicName(hostname) ? directory : "https://ca.example.com:14000/dir";
    return { ...site, certificate: { ...rest, dns: { ...dns, zone }, directory: asked } };
  });
  return { ...environment, sites };
}

/** A balancer that ends TLS hides the certificates of clients, so the two are refused together: the nodes end it then. */
function withTlsWhereItIsNeeded(environment: EnvironmentFile): EnvironmentFile {
  if (environment.registry.clientCertificates === undefined) return environment;
  return { ...environment, sites: environment.sites.map(endingTlsOnNodes) };
}

function endingTlsOnNodes(site: EnvironmentFile["sites"][number]): EnvironmentFile["sites"][number] {
  if (site.provider !== "aws" && site.provider !== "alicloud") return site;
  const { entry, certificate, ...rest } = site;
  return entry?.tls === "balancer" ? rest : site;
}

/** Environments of the right shape that may be refused. */
export function anyEnvironments(): fc.Arbitrary<EnvironmentFile> {
  const site = fc.oneof(...SETTINGS.map(validSites));
  const sites = fc.oneof({ weight: 4, arbitrary: fc.tuple(site) }, { weight: 1, arbitrary: fc.tuple(site, site) });
  return environments(anyRegistries(), sites);
}

/** An environment as its file. What two places share is written twice: environment files have no aliases. */
export function fileText(environment: EnvironmentFile): string {
  return stringify(environment, { aliasDuplicateObjects: false });
}

function environments(
  registry: fc.Arbitrary<EnvironmentFile["registry"]>,
  sites: fc.Arbitrary<EnvironmentFile["sites"]>,
): fc.Arbitrary<EnvironmentFile> {
  return fc.record(
    {
      environment: names,
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
      memory: fc.constantFrom("512MiB", "1GiB"),
      cpus: fc.constantFrom(0.5, 1, 2.25, 4),
      processes: fc.integer({ min: 64, max: 4096 }),
    },
    { requiredKeys: [] },
  );
}
