import type { Release } from "../../release/release.js";
import type { Environment, EnvironmentFile } from "../../spec/environment.js";
import { type HarborSeeds, REGISTRY_ACCOUNT } from "../../spec/harbor/seeds.js";
import { Secret } from "../../spec/secret.js";
import { exampleEnvironment, releasesOf, secretsOf } from "./example.js";

/** Begins every seed of the examples, so that a test can find any of them by it; of letters that Harbor leaves alone. */
export const SEED_MARK = "SEED-";

/** A text of exactly so many letters. */
function sized(name: string, length: number): Secret {
  return new Secret(`${SEED_MARK}${name}`.padEnd(length, "x").slice(0, length));
}

export const SEEDS: HarborSeeds = {
  secretKey: sized("key", 16),
  tokenKey: new Secret(`${SEED_MARK}token\nsecond line\n`),
  tokenCertificate: "certificate\n",
  coreSecret: sized("core", 16),
  jobserviceSecret: sized("job", 16),
  csrfKey: sized("csrf", 32),
  scannerRobotPrefix: sized("bot", 8),
  registryPassword: sized("registry", 32),
  registryHtpasswd: new Secret(`${REGISTRY_ACCOUNT}:$2y$05$${SEED_MARK}hash`),
  registryHttpSecret: sized("http", 32),
  adminPassword: sized("admin", 24),
  databasePassword: sized("database", 32),
  redisPassword: sized("redis", 32),
  internalTls: { certificate: "containers\n", key: sized("inside", 20) },
  authority: "authority\n",
  githubToken: sized("github", 40),
  jaegerPassword: sized("jaeger", 20),
};

type HarborFile = NonNullable<EnvironmentFile["harbor"]>;

/** The example with Harbor, three nodes, and some of its settings changed. */
export function harborEnvironment(
  harbor: HarborFile = {},
  registry: Partial<EnvironmentFile["registry"]> = {},
  rest: Partial<EnvironmentFile> = {},
): Environment {
  return exampleEnvironment({ engine: "harbor", ...registry }, { harbor, ...rest });
}

/** Secrets with letters that Harbor leaves alone, and the texts of the files that it is told to trust. */
export function harborSecrets(environment: Environment, seeds: HarborSeeds = SEEDS) {
  const harbor = environment.harbor;
  const named = [
    harbor?.database.kind === "own" ? undefined : harbor?.database.ca,
    harbor?.redis.kind === "own" ? undefined : harbor?.redis.ca,
    harbor?.trust.storage,
    harbor?.trust.uaa,
  ];
  return {
    ...secretsOf(environment),
    harbor: seeds,
    trusted: Object.fromEntries(named.flatMap((path) => (path === undefined ? [] : [[path, `text of ${path}\n`]]))),
  };
}

/** The releases of all nodes. */
export function harborReleases(environment: Environment, seeds: HarborSeeds = SEEDS): Release[] {
  return releasesOf(environment, harborSecrets(environment, seeds));
}

/** The release of the first node. */
export function harborRelease(environment: Environment, seeds: HarborSeeds = SEEDS): Release {
  const [release] = harborReleases(environment, seeds);
  if (release === undefined) throw new Error("a site has a node");
  return release;
}
