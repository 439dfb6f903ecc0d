import type { Configuration, ResourceBody } from "./configuration.js";

/** Keys of a resource in Terraform's JSON that are no arguments of the provider. */
const OURS = new Set(["//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"]);

/** Arguments that protect resources: those in which two configurations, with and without protection, differ. */
export function protections(guarded: Configuration, open: Configuration): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const address of guarded.resources) {
    const before = guarded.bodies.get(address) ?? {};
    const after = open.bodies.get(address) ?? {};
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (name) => name !== "//" && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    );
    if (names.length > 0) found.set(address, new Set(names));
  }
  return found;
}

/**
 * A configuration that takes protection away and changes nothing else, whatever the environment file has become since:
 * every other argument is told to stay as it is.
 */
export function liftOnly(open: Configuration, protecting: ReadonlyMap<string, ReadonlySet<string>>): Configuration {
  return open.withBodies((address, body) => ({
    ...body,
    lifecycle: { ...lifecycleOf(body), ignore_changes: staying(body, protecting.get(address)) },
  }));
}

function lifecycleOf(body: ResourceBody): object {
  return typeof body.lifecycle === "object" && body.lifecycle !== null ? body.lifecycle : {};
}

function staying(body: ResourceBody, lifted: ReadonlySet<string> | undefined): "all" | string[] {
  if (lifted === undefined) return "all";
  return Object.keys(body).filter((name) => !OURS.has(name) && !lifted.has(name));
}
