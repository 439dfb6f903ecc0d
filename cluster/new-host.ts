import type { Release } from "../release/release.js";
import type { SiteInventory } from "../spec/inventory.js";
import type { HostFacts } from "./host-facts.js";
import { type Plan, planCluster } from "./plan.js";

/**
 * The plan for hosts that do not exist yet.
 * @param programs - brought: they come with Docker's engine and all else, as those of this machine do; missing: they
 * come with their system alone
 */
export function planNewHosts(
  environment: string,
  site: SiteInventory,
  releases: readonly Release[],
  programs: "brought" | "missing" = "brought",
): Plan {
  const hosts = site.nodes.map(({ name }) => newHost(site.name, name, TOOLS[programs]));
  return planCluster(environment, releases, { hosts, unreachable: [] });
}

const TOOLS = {
  brought: { docker: "running", compose: "new", keepalived: true, curl: true },
  missing: { docker: "absent", keepalived: false, curl: true },
} as const;

function newHost(site: string, node: string, tools: HostFacts["tools"]): HostFacts {
  return {
    site,
    node,
    system: { id: "", version: "", name: "", architecture: "" },
    boot: "",
    clockAhead: 0,
    memory: 0,
    free: { opt: 0, docker: 0, log: 0 },
    tools,
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
