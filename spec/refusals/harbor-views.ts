import type { Environment } from "../environment.js";
import type { GivenDatabase, GivenRedis, OwnDatabase, OwnRedis } from "../harbor/services.js";
import { type Harbor, harborOf } from "../harbor/software.js";
import { type Whole, whole } from "../refusal.js";

/** An environment whose engine is Harbor, with what it says of it. */
export interface WithHarbor extends Whole {
  readonly harbor: Harbor;
}

/** The environment, if its engine is Harbor. */
export function harbors(environment: Environment): WithHarbor[] {
  return environment.registry.engine === "harbor" ? [{ ...whole(environment), harbor: harborOf(environment) }] : [];
}

/** The environment, if Harbor has a PostgreSQL that exists already. */
export function givenDatabases(environment: Environment): (WithHarbor & { readonly database: GivenDatabase })[] {
  return harbors(environment).flatMap((seen) => {
    const { database } = seen.harbor;
    return database.kind === "given" ? [{ ...seen, database }] : [];
  });
}

/** The environment, if Harbor's PostgreSQL is on its nodes. */
export function ownDatabases(environment: Environment): (WithHarbor & { readonly service: OwnDatabase })[] {
  return harbors(environment).flatMap((seen) => {
    const { database } = seen.harbor;
    return database.kind === "own" ? [{ ...seen, service: database }] : [];
  });
}

/** The environment, if Harbor has a Redis that exists already. */
export function givenRedises(environment: Environment): (WithHarbor & { readonly redis: GivenRedis })[] {
  return harbors(environment).flatMap((seen) => {
    const { redis } = seen.harbor;
    return redis.kind === "given" ? [{ ...seen, redis }] : [];
  });
}

/** The environment, if Harbor's Redis is on its nodes. */
export function ownRedises(environment: Environment): (WithHarbor & { readonly service: OwnRedis })[] {
  return harbors(environment).flatMap((seen) => {
    const { redis } = seen.harbor;
    return redis.kind === "own" ? [{ ...seen, service: redis }] : [];
  });
}

/** Names of all nodes, in their order. */
export function nodeNames({ sites }: Pick<Environment, "sites">): string[] {
  return sites.flatMap((site) =>
    site.provider === "hosts"
      ? site.hosts.map(({ name }) => name)
      : Array.from({ length: site.nodes.count }, (_, index) => `node-${index + 1}`),
  );
}
