import type { Environment } from "../spec/environment.js";
import { OWN_SERVICE_PORTS } from "../spec/harbor/ports.js";
import { harborOf } from "../spec/harbor/software.js";

type WithHarbor = Pick<Environment, "registry" | "harbor">;

/** Ports of TCP on which the nodes ask each other for the data base and the Redis that they carry, sorted. */
export function portsBetweenNodes(environment: WithHarbor): number[] {
  if (environment.registry.engine !== "harbor") return [];
  const harbor = harborOf(environment);
  const carried = (["database", "redis"] as const).filter((service) => harbor[service].kind === "own");
  return carried.flatMap((service) => Object.values(OWN_SERVICE_PORTS[service])).sort((a, b) => a - b);
}

/** Ports of TCP outside that Harbor's programs connect to: of given services, of who is told and who is copied from. */
export function portsOfHarbor(environment: WithHarbor): number[] {
  if (environment.registry.engine !== "harbor") return [];
  const { database, redis, proxy, trace, log, settings } = harborOf(environment);
  const { login, system, registries, preheatInstances, projects } = settings;
  const urls = [
    proxy?.http,
    proxy?.https,
    trace?.jaeger?.endpoint,
    login?.kind === "oidc" ? login.endpoint : undefined,
    ...registries.map(({ url }) => url),
    ...preheatInstances.map(({ endpoint }) => endpoint),
    ...projects.flatMap(({ webhooks }) => webhooks.map(({ url }) => url)),
  ];
  const addresses = [
    ...(redis.kind === "given" ? redis.addresses : []),
    trace?.otel?.endpoint,
    system.auditForward?.address,
  ];
  return [
    ...(database.kind === "given" ? [database.port] : []),
    ...(log.forward?.protocol === "tcp" ? [log.forward.port] : []),
    ...(login?.kind === "ldap" ? [portOfLdap(login.url)] : []),
    ...urls.flatMap((url) => (url === undefined ? [] : [portOfUrl(url)])),
    ...addresses.flatMap((address) => (address === undefined ? [] : [portOfAddress(address)])),
  ];
}

export function portOfUrl(text: string): number {
  const { port, protocol } = new URL(text);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** The port of `host:port`; an address of IPv6 stands in brackets. */
export function portOfAddress(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** URL knows no usual ports of LDAP. */
function portOfLdap(text: string): number {
  const { port, protocol } = new URL(text);
  return port === "" ? (protocol === "ldaps:" ? 636 : 389) : Number(port);
}
