import type { HarborError } from "./harbor-error.js";
import type { Found, Harbor, HarborWish, Kind, ProjectKind, ProjectOf, Wanted } from "./kind.js";
import { allowListKind } from "./kinds/allow-list.js";
import { readOnlyKind, systemKind, writableKind } from "./kinds/configuration.js";
import { immutabilityKind } from "./kinds/immutability.js";
import { labelKind, projectLabelKind } from "./kinds/label.js";
import { loginKind } from "./kinds/login.js";
import { memberKind } from "./kinds/member.js";
import { preheatInstanceKind } from "./kinds/preheat-instance.js";
import { preheatPolicyKind } from "./kinds/preheat-policy.js";
import { findProject, projectKind } from "./kinds/project.js";
import { registryKind } from "./kinds/registry.js";
import { replicationKind } from "./kinds/replication.js";
import { retentionKind } from "./kinds/retention.js";
import { projectRobotKind, systemRobotKind } from "./kinds/robot.js";
import { auditPurgeKind, gcKind, scanAllKind } from "./kinds/schedule.js";
import { webhookKind } from "./kinds/webhook.js";

/** What others need comes first. */
const BEFORE_PROJECTS: readonly Kind[] = [
  writableKind,
  systemKind,
  allowListKind,
  loginKind,
  registryKind,
  preheatInstanceKind,
  labelKind,
  projectKind,
];
const OF_PROJECTS: readonly ProjectKind[] = [
  projectLabelKind,
  memberKind,
  projectRobotKind,
  retentionKind,
  immutabilityKind,
  webhookKind,
  preheatPolicyKind,
];
const AFTER_PROJECTS: readonly Kind[] = [
  systemRobotKind,
  replicationKind,
  gcKind,
  scanAllKind,
  auditPurgeKind,
  readOnlyKind,
];

/** One kind of thing in one place: what is wanted there, and how to see to it. */
export interface Section {
  readonly title: string;
  /** @default - the whole of Harbor */
  readonly project?: string;
  readonly prunable: boolean;
  readonly wanted: readonly Wanted[];
  /** All there are; none in a project that is not there yet. */
  read(): Promise<readonly Found[]>;
  create(wanted: Wanted): Promise<void>;
  update(wanted: Wanted, found: Found, changed: ReadonlySet<string>): Promise<void>;
  remove(found: Found): Promise<void>;
  /** Whether Harbor's refusal to make it means that it is there. */
  exists(error: HarborError): boolean;
}

/** All that settings are about, in the order in which it is made. */
export function sections(harbor: Harbor): readonly Section[] {
  return [
    ...BEFORE_PROJECTS.map((kind) => wholeSection(harbor, kind)),
    ...harbor.settings.projects.flatMap((project, index) =>
      OF_PROJECTS.map((kind) =>
        projectSection(harbor, kind, project.name, kind.want(harbor, project, `harbor.settings.projects[${index}]`)),
      ),
    ),
    ...AFTER_PROJECTS.map((kind) => wholeSection(harbor, kind)),
  ];
}

/**
 * All that is wanted, without asking Harbor.
 * @throws Problem `harbor/secret-missing`
 */
export function allWanted(wish: HarborWish): readonly Wanted[] {
  return [
    ...[...BEFORE_PROJECTS, ...AFTER_PROJECTS].flatMap((kind) => kind.want(wish)),
    ...wish.settings.projects.flatMap((project, index) =>
      OF_PROJECTS.flatMap((kind) => kind.want(wish, project, `harbor.settings.projects[${index}]`)),
    ),
  ];
}

function wholeSection(harbor: Harbor, kind: Kind): Section {
  return {
    title: kind.title,
    prunable: kind.prunable,
    wanted: kind.want(harbor),
    read: () => kind.read(harbor, undefined),
    create: (wanted) => kind.create(harbor, wanted, undefined),
    update: (wanted, found, changed) => kind.update(harbor, wanted, found, undefined, changed),
    remove: (found) => kind.remove(harbor, found, undefined),
    exists: (error) => existsAlready(kind, error),
  };
}

function projectSection(harbor: Harbor, kind: ProjectKind, project: string, wanted: readonly Wanted[]): Section {
  const { prune } = harbor.settings;
  const place = async (): Promise<ProjectOf> => {
    const found = await findProject(harbor.client, project);
    if (found === undefined) throw new Error(`the project ${project} is gone again`);
    return found;
  };
  return {
    title: kind.title,
    project,
    prunable: kind.prunable,
    wanted,
    read: async () => {
      // What nobody wants and nobody deletes need not be asked for.
      if (wanted.length === 0 && !prune) return [];
      const found = await findProject(harbor.client, project);
      return found === undefined ? [] : kind.read(harbor, found);
    },
    create: async (one) => kind.create(harbor, one, await place()),
    update: async (one, found, changed) => kind.update(harbor, one, found, await place(), changed),
    remove: async (found) => kind.remove(harbor, found, await place()),
    exists: (error) => existsAlready(kind, error),
  };
}

function existsAlready(kind: Kind | ProjectKind, error: HarborError): boolean {
  return kind.exists?.(error) ?? error.status === 409;
}
