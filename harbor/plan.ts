import { Problem } from "../spec/problem.js";
import type { Found, Harbor, Wanted } from "./kind.js";
import { type Section, sections } from "./sections.js";
import { compare, type Difference } from "./shape.js";

interface Common {
  readonly section: Section;
  readonly name: string;
}
/** Something that is to be made. */
export interface Creation extends Common {
  readonly action: "create";
  readonly wanted: Wanted;
}
/** Something that is there, and not as it is wanted. */
export interface Update extends Common {
  readonly action: "update";
  readonly wanted: Wanted;
  readonly found: Found;
  readonly differences: readonly Difference[];
}
/** Something that nobody wants. */
export interface Deletion extends Common {
  readonly action: "delete";
  readonly found: Found;
}
export type Change = Creation | Update | Deletion;

/** What would be deleted, and is not. */
export interface Left {
  readonly title: string;
  readonly project?: string | undefined;
  readonly name: string;
  readonly because: string;
}

/** What has to be done so that Harbor is as its settings say, in order. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly left: readonly Left[];
}

/**
 * Compares Harbor with its settings. Changes nothing.
 * @throws Problem `harbor/cannot-change` for what Harbor cannot change once it is made, `harbor/secret-missing`,
 *   `harbor/no-scanner`, and those of the client
 * @throws HarborError what Harbor refuses to show
 */
export async function plan(harbor: Harbor): Promise<Plan> {
  const looking = sections({ ...harbor, client: harbor.client.remembering() });
  const read = await Promise.all(
    sections(harbor).map(async (section, index) => ({ section, found: (await looking[index]?.read()) ?? [] })),
  );
  const made = read.flatMap(({ section, found }) => madeAndChanged(section, found));
  const unwanted = harbor.settings.prune ? read.flatMap(({ section, found }) => notWanted(section, found)) : [];
  return {
    // What needs others goes before them.
    changes: [...made, ...unwanted.filter(({ found }) => found.stays === undefined).reverse()],
    left: unwanted.flatMap(({ section, found }) =>
      found.stays === undefined
        ? []
        : [{ title: section.title, project: section.project, name: found.name, because: found.stays }],
    ),
  };
}

function madeAndChanged(section: Section, found: readonly Found[]): Change[] {
  return section.wanted.flatMap((wanted): Change[] => {
    const there = found.find(({ name }) => name === wanted.name);
    if (there === undefined) return [{ action: "create", section, name: wanted.name, wanted }];
    return changeOf(section, wanted, there);
  });
}

/** The change that makes a thing as it is wanted; none if it is. @throws Problem `harbor/cannot-change` */
export function changeOf(section: Section, wanted: Wanted, found: Found): Update[] {
  const differences = compare(wanted.shape, found.shape);
  const fixed = differences.find(({ name }) => wanted.fixed?.includes(name));
  if (fixed !== undefined) {
    throw new Problem({
      code: "harbor/cannot-change",
      field: wanted.field,
      says: `${section.title} ${wanted.name} has ${fixed.name} ${fixed.found} and shall have ${fixed.wanted}: Harbor cannot change that`,
      instead: "give the new one another name, or delete this one in Harbor first",
    });
  }
  return differences.length === 0 ? [] : [{ action: "update", section, name: wanted.name, wanted, found, differences }];
}

function notWanted(section: Section, found: readonly Found[]): Deletion[] {
  if (!section.prunable) return [];
  return found
    .filter(({ name }) => !section.wanted.some((wanted) => wanted.name === name))
    .map((one) => ({ action: "delete", section, name: one.name, found: one }));
}
