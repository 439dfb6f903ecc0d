import { $ } from "zx";
import type { Probe } from "../../cluster/apply.js";
import { storageProbes } from "../../operations/storage-probe.js";
import type { StorageKeys } from "../../operations/storage-requests.js";
import { type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { plannedInventory } from "../../spec/inventory.js";
import type { Problem } from "../../spec/problem.js";

export type StorageFile = NonNullable<EnvironmentFile["registry"]["storage"]>;

/** The probe of the one node of an environment with a storage. */
export async function probeOf(storage: StorageFile, keys: StorageKeys | undefined, now = new Date()): Promise<Probe> {
  const environment = environmentSchema.parse({
    environment: "trial",
    registry: { hostname: "registry.test", storage },
    sites: [{ name: "here", provider: "hosts", hosts: [{ name: "node-1", address: "192.0.2.1" }] }],
  });
  const [site] = plannedInventory(environment, { identity: "" }).sites;
  if (site === undefined) throw new RangeError("an environment has a site");
  const [only] = await storageProbes(environment, site, keys, now);
  if (only === undefined) throw new RangeError("a node has a probe");
  return only;
}

/** Runs a probe here, as a host would. */
export async function run({ script, input = "", explain }: Probe, path = process.env.PATH ?? "") {
  const env = { ...process.env, PATH: path, no_proxy: "*", NO_PROXY: "*" };
  const done = await $({ quiet: true, nothrow: true, input, env })`sh -c ${script}`;
  const problem: Problem | undefined = done.exitCode === 0 ? undefined : explain?.(done.stderr);
  const { code, says = "", instead = "" } = problem?.details ?? {};
  return { printed: done.stdout.trim(), error: done.stderr, code, says, instead };
}
