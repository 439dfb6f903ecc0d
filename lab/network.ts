import { overlap } from "../spec/cidr.js";
import { Problem } from "../spec/problem.js";
import { exists } from "../supply/cache.js";
import { attemptDocker, createUnlessThere, docker } from "./docker.js";
import { ENVIRONMENT_LABEL, STATE_LABEL } from "./labels.js";
import type { LabLayout } from "./layout.js";

/** A network of the engine. */
interface ExistingNetwork {
  readonly name: string;
  readonly state: string;
  readonly cidrs: readonly string[];
}

/**
 * Makes the lab's network, unless it is there.
 * @throws Problem `lab/network-taken` when the addresses belong to another network of the engine
 * @throws Problem `lab/network-changed` when the lab runs on other addresses than the file says now
 * @throws Problem `lab/other-state-folder` when an environment of this name runs from another folder
 */
export async function provideNetwork(layout: LabLayout, stateFolder: string): Promise<void> {
  const { name, cidr, gateway, bridge } = layout.network;
  const networks = await existingNetworks();
  const own = networks.find((network) => network.name === name);
  if (own !== undefined) {
    await refuseForeign(layout, own, stateFolder);
    return refuseChanged(layout, own);
  }
  refuseTaken(layout, networks);
  const labels = { [ENVIRONMENT_LABEL]: layout.environment, [STATE_LABEL]: stateFolder };
  const options = [
    ...["--subnet", cidr, "--gateway", gateway],
    ...["--opt", `com.docker.network.bridge.name=${bridge}`],
    ...Object.entries(labels).flatMap(([label, value]) => ["--label", `${label}=${value}`]),
  ];
  await createUnlessThere(["network", "create", ...options, name], () => networkIsThere(name));
}

/** Removes the lab's network, if it is there. */
export async function removeNetwork(layout: LabLayout): Promise<void> {
  const { name } = layout.network;
  const removed = await attemptDocker(["network", "rm", name]);
  if (removed.exitCode !== 0 && (await networkIsThere(name))) await docker(["network", "rm", name]);
}

async function networkIsThere(name: string): Promise<boolean> {
  return (await attemptDocker(["network", "inspect", name])).exitCode === 0;
}

async function existingNetworks(): Promise<ExistingNetwork[]> {
  const ids = (await docker(["network", "ls", "--quiet"])).split("\n");
  const fields = `{{.Name}}\t{{index .Labels "${STATE_LABEL}"}}\t{{range .IPAM.Config}}{{.Subnet}} {{end}}`;
  // A network of somebody else may vanish between the two questions: what is still there is printed all the same.
  const { stdout } = await attemptDocker(["network", "inspect", "--format", fields, ...ids]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", state = "", cidrs = ""] = line.split("\t");
      return { name, state, cidrs: cidrs.split(" ").filter((cidr) => /^[\d.]+\/\d+$/.test(cidr)) };
    });
}

function refuseTaken(layout: LabLayout, networks: readonly ExistingNetwork[]): void {
  const { cidr } = layout.network;
  for (const network of networks) {
    const taken = network.cidrs.find((existing) => overlap(existing, cidr));
    if (taken === undefined) continue;
    throw new Problem({
      code: "lab/network-taken",
      says: `${cidr} overlaps with ${taken} of Docker's network ${network.name}`,
      instead: `choose another block inside 198.18.0.0/15, or remove that network: docker network rm ${network.name}`,
      field: "sites[0].network.cidr",
    });
  }
}

function refuseChanged(layout: LabLayout, own: ExistingNetwork): void {
  const { cidr } = layout.network;
  if (own.cidrs.includes(cidr)) return;
  throw new Problem({
    code: "lab/network-changed",
    says: `the lab of ${layout.environment} runs on ${own.cidrs.join(" ")}, the file says ${cidr}`,
    instead: `harborwright down ${layout.environment}, then up again: hosts keep their addresses for life`,
    field: "sites[0].network.cidr",
  });
}

/** Another folder means another key, other passwords: two clones would take the lab from each other. */
async function refuseForeign(layout: LabLayout, own: ExistingNetwork, stateFolder: string): Promise<void> {
  if (own.state === stateFolder || !(await exists(own.state))) return;
  throw new Problem({
    code: "lab/other-state-folder",
    says: `an environment named ${layout.environment} has its lab on this machine already, from ${own.state}`,
    instead: `take that one down (harborwright down ${layout.environment}, there), or give this one another name`,
    field: "environment",
  });
}
