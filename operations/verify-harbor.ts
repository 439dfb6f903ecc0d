import * as z from "zod";
import type { SecretStore } from "../secrets/store.js";
import { harborOf } from "../spec/harbor/software.js";
import { nodesAgree, placeForUploads } from "./harbor-agreement.js";
import type { Verification, VerifyResult, VerifyTarget } from "./verify.js";
import { because, WRITES } from "./verify-target.js";
import { type RunningHarbor, withHarbor } from "./with-harbor.js";
import type { Workspace } from "./workspace.js";

/** Repository of trials, in a project that can be pushed to. */
const REPOSITORY = "harborwright-verify";

const configuration = z.object({ read_only: z.object({ value: z.boolean().nullish() }).nullish() });

/** What of a target only Harbor itself can tell. */
export type HarborTarget = Partial<Pick<VerifyTarget, "repository" | "leaveOut">>;

/** Has Harbor's nodes agree, tries what any registry can do in one of its projects, and takes the repository away again. */
export function verifyHarbor(
  workspace: Workspace,
  store: SecretStore,
  work: (target: HarborTarget) => Promise<Verification>,
): Promise<Verification> {
  return withHarbor(workspace, store, async (running) => {
    const agreed = await agreement(running, workspace);
    const place = await placeOf(running, workspace);
    if ("why" in place) {
      return joined(agreed, await work({ leaveOut: because(WRITES, place.why) }));
    }
    try {
      return joined(agreed, await work({ repository: `${place.project}/${REPOSITORY}` }));
    } finally {
      // Its images are gone, its name would stay. That it does is of less interest than how the trial ended.
      await running.client.delete(`/projects/${place.project}/repositories/${REPOSITORY}`).catch(() => undefined);
    }
  });
}

async function agreement(running: RunningHarbor, { environment }: Workspace): Promise<VerifyResult> {
  const begun = performance.now();
  const { problem } = await nodesAgree(running, harborOf(environment).settings, environment.environment);
  return {
    through: "nodes",
    step: "agree",
    milliseconds: Math.round(performance.now() - begun),
    ok: problem === undefined,
    ...(problem === undefined ? {} : { problem: problem.details }),
  };
}

async function placeOf(
  { client }: RunningHarbor,
  { environment }: Workspace,
): Promise<{ readonly project: string } | { readonly why: string }> {
  const found = await client.get("/configurations", configuration);
  if (found?.read_only?.value === true) return { why: "Harbor is read-only" };
  const project = await placeForUploads(client, harborOf(environment).settings);
  return project === undefined ? { why: "Harbor has no project that can be pushed to" } : { project };
}

function joined(first: VerifyResult, { ok, steps, leftOut }: Verification): Verification {
  return { ok: ok && first.ok, steps: [first, ...steps], leftOut };
}
