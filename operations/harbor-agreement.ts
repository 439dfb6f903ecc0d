import * as z from "zod";
import { type Agreement, agreementOf, type Disagreement, oddNode } from "../harbor/agreement.js";
import type { HarborClient } from "../harbor/client.js";
import type { HarborSettings } from "../spec/harbor/settings/settings.js";
import { Problem } from "../spec/problem.js";
import type { RunningHarbor } from "./with-harbor.js";

/** The project that every new Harbor has. */
const LIBRARY = "library";

const project = z.object({ name: z.string(), registry_id: z.number().nullish() });

/** How nodes get on, and the problem that it is when they do not. */
export interface Verdict extends Agreement {
  readonly problem?: Problem;
}

/**
 * Has the nodes of a running Harbor show each other's tokens and end each other's uploads.
 * @param uploads - whether a blob of some bytes may be left in a project. @default true
 */
export async function nodesAgree(
  { client, access, nodes }: RunningHarbor,
  settings: HarborSettings,
  environment: string,
  uploads = true,
): Promise<Verdict> {
  const place = uploads ? await placeForUploads(client, settings) : undefined;
  const agreement = await agreementOf(access, nodes, place).catch((error: unknown) => {
    throw silentNode(error, environment);
  });
  const { disagreements } = agreement;
  if (disagreements.length === 0) return agreement;
  const names = nodes.map(({ name }) => name);
  return { ...agreement, problem: disagree(names, disagreements, environment) };
}

/** One that exists and is no cache of another registry, to which nobody can push. */
export async function placeForUploads(client: HarborClient, settings: HarborSettings): Promise<string | undefined> {
  const named = settings.projects.filter(({ proxyCache }) => proxyCache === undefined).map(({ name }) => name);
  for (const name of new Set([LIBRARY, ...named])) {
    const found = await client.get(`/projects/${name}`, project);
    if (found !== undefined && !found.registry_id) return name;
  }
  return undefined;
}

function disagree(names: readonly string[], disagreements: readonly Disagreement[], environment: string): Problem {
  const odd = oddNode(names, disagreements);
  const who = odd === undefined ? names.join(", ") : `${odd} and the other nodes`;
  return new Problem({
    code: "harbor/nodes-disagree",
    says: `${who} do not accept each other's ${kindsOf(disagreements)}: clients that meet two of them fail`,
    instead: `harborwright doctor ${environment} names the file and the key that differ${odd === undefined ? "" : ` on ${odd}`}`,
    log: disagreements.map(({ what, from, to, status }) =>
      what === "tokens"
        ? `a token of ${from} shown to ${to}: ${status === 0 ? "none was given" : status}`
        : `an upload begun on ${from} and ended on ${to}: ${status}`,
    ),
  });
}

function kindsOf(disagreements: readonly Disagreement[]): string {
  return [...new Set(disagreements.map(({ what }) => what))].join(" and ");
}

function silentNode(error: unknown, environment: string): Problem {
  return new Problem({
    code: "harbor/unreachable",
    says: `a node of Harbor does not answer: ${error instanceof Error ? error.message : String(error)}`,
    instead: `harborwright status ${environment} shows which one`,
  });
}
