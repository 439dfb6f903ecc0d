import { Problem } from "../spec/problem.js";
import { HarborError } from "./harbor-error.js";
import { type Change, type Creation, changeOf, type Plan } from "./plan.js";
import { changeName } from "./plan-text.js";

/** Told of each change before it is made. */
export type OnChange = (change: Change) => void;

/**
 * Makes the changes of a plan, one after another. It may be killed at any point: what was made by then is found by the
 * next plan, and no secret is used before it is kept.
 * @throws Problem `harbor/refused` with the field and what Harbor says; and those of the client
 */
export async function apply({ changes }: Plan, onChange: OnChange = () => undefined): Promise<void> {
  for (const change of changes) {
    onChange(change);
    try {
      await make(change);
    } catch (error) {
      throw error instanceof HarborError ? refused(change, error) : error;
    }
  }
}

async function make(change: Change): Promise<void> {
  const { section } = change;
  if (change.action === "create") return create(change);
  if (change.action === "delete") return section.remove(change.found);
  return section.update(change.wanted, change.found, new Set(change.differences.map(({ name }) => name)));
}

/** Somebody, or a request of ours whose answer was lost, may have made it meanwhile. */
async function create({ section, wanted }: Creation): Promise<void> {
  try {
    return await section.create(wanted);
  } catch (error) {
    if (!(error instanceof HarborError) || !section.exists(error)) throw error;
    const found = (await section.read()).find(({ name }) => name === wanted.name);
    if (found === undefined) throw error;
    for (const change of changeOf(section, wanted, found)) await make(change);
  }
}

const VERBS = { create: "make", update: "change", delete: "delete" } as const;

function refused(change: Change, { status, code, says, request }: HarborError): Problem {
  return new Problem({
    code: "harbor/refused",
    field: change.action === "delete" ? undefined : change.wanted.field,
    says: `Harbor refuses to ${VERBS[change.action]} ${changeName(change)}: ${says}${code === "" ? "" : ` (${code})`}`,
    instead: adviceFor(status),
    log: [`${request} was answered with ${status}`],
  });
}

function adviceFor(status: number): string {
  if (status === 403) {
    return "look whether Harbor is read-only, or whether CONFIG_OVERWRITE_JSON is set on a node: then settings cannot be changed";
  }
  if (status === 412) return "take away first what still uses it, or is in it";
  if (status >= 500)
    return "look into the log of Harbor's core, then run the command again: it goes on where it stopped";
  return "mend the field, then run the command again: it goes on where it stopped";
}
