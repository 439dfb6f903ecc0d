import { type ProblemDetails, Problems } from "../spec/problem.js";
import { certificateFindings } from "./doctor-certificate.js";
import { cloudApi, cloudFindings, quickFindings } from "./doctor-cloud.js";
import { dataFindings } from "./doctor-data.js";
import { harborFindings } from "./doctor-harbor.js";
import { machineFindings } from "./doctor-machine.js";
import { nameFindings } from "./doctor-names.js";
import type { Finding } from "./finding.js";
import { cloudSite, type Workspace } from "./workspace.js";

/** Looks for all that could stop an `up`, before anything is made; changes nothing. */
export async function doctor(workspace: Workspace): Promise<Finding[]> {
  const site = cloudSite(workspace);
  const machine = machineFindings(workspace);
  const certificate = certificateFindings(workspace);
  const data = dataFindings(workspace);
  const harbor = harborFindings(workspace);
  if (site === undefined) return (await Promise.all([machine, certificate, data, harbor])).flat();
  const outputs = workspace.outputs?.[site.name];
  const asked = async () => {
    const api = await cloudApi(site);
    return "state" in api ? [api] : cloudFindings(site, api, outputs !== undefined);
  };
  const names = nameFindings(workspace.environment.registry.hostname, site, outputs?.entry);
  return (await Promise.all([machine, asked(), names, certificate, data, harbor])).flat();
}

/**
 * The quick part of it at the start of the first `up`: what is sure to fail is told in a second, not by Terraform after
 * minutes. Who cannot be asked from here is left to Terraform.
 * @throws Problems `doctor/…`
 */
export async function refuseHopeless(workspace: Workspace): Promise<void> {
  const site = cloudSite(workspace);
  if (site === undefined || workspace.outputs !== undefined) return;
  const api = await cloudApi(site);
  if ("state" in api) return;
  const found = await quickFindings(site, api);
  const problems = found.flatMap(({ check, state, says, instead }): ProblemDetails[] =>
    state === "problem" ? [{ code: `doctor/${check}`, says, instead: instead ?? "see harborwright doctor" }] : [],
  );
  if (problems.length > 0) throw new Problems(problems);
}
