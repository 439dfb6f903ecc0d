import type { EnvironmentFile } from "../../spec/environment.js";
import { local } from "./environments.js";

export type RegistryFile = Partial<EnvironmentFile["registry"]>;
export type HarborFile = NonNullable<EnvironmentFile["harbor"]>;

/** A PostgreSQL and a Redis that exist already. */
export const database = { kind: "given" as const, host: "postgresql.example.com" };
export const redis = { kind: "given" as const, addresses: ["10.20.0.30:6379"] };

/** A release of Harbor that is known by its content. */
export const release = { sha256: "0123456789abcdef".repeat(4) };

/** Harbor on three hosts of this machine, with these changes. */
export function harbor(block: HarborFile = {}, registry: RegistryFile = {}): EnvironmentFile {
  return local({ engine: "harbor", ...registry }, {}, { harbor: { release, ...block } });
}

/** Harbor on that many hosts, whose data base and Redis are elsewhere unless this says otherwise. */
export function harborOn(count: number, block: HarborFile = {}): EnvironmentFile {
  return local({ engine: "harbor" }, { nodes: { count } }, { harbor: { release, database, redis, ...block } });
}

/** Harbor on three hosts, with a given Redis that is like this. */
export function withRedis(changes: Partial<Extract<HarborFile["redis"], { kind: "given" }>>): EnvironmentFile {
  return harbor({ database, redis: { ...redis, ...changes } });
}
