import type { Release } from "../release/release.js";
import type { SiteInventory } from "../spec/inventory.js";
import type { HostFacts } from "./host-facts.js";
import { type Plan, planCluster } from "./plan.js";

/** The plan for hosts that do not exist yet and will bring their own programs, as those of this machine do. */
export function planNewHosts(environment: string, site: SiteInventory, releases: readonly Release[]): Plan {
  const hosts = site.nodes.map(({ name }) => newHost(site.name, name));
  return planCluster(environment, releases, { hosts, unreachable: [] });
}

function newHost(site: string, node: string): HostFacts {
  return {
    site,
    node,
    system: { id: "", version: "", name: "", architecture: "" },
    boot: "",
    clockAhead: 0,
    memory: 0,
    free: { opt: 0, docker: 0, log: 0 },
    tools: { docker: "running", compose: "new", keepalived: true, curl: true },
    releases: { kept: [] },
    files: new Map(),
    released: new Map(),
    texts: new Map(),
    containers: {},
    images: new Set(),
    marks: {},
    units: { service: NO_UNIT, floating: NO_UNIT },
    kernel: {},
    drained: { registry: false },
  };
}

const NO_UNIT = { active: false, enabled: false, outdated: false } as const;
