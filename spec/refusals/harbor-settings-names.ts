import type { HarborSettings } from "../harbor/settings/settings.js";
import { type Refusal, refusalOfEach } from "../refusal.js";
import { type Entry, everyIn, everyInProjects } from "./harbor-settings-views.js";

const MEASURED = "measured with Harbor v2.15.2";
type Project = HarborSettings["projects"][number];

/** What is the same when two entries of a list are meant to be one thing. */
interface Naming<Place, One> {
  readonly code: string;
  readonly field: string;
  readonly listOf: (place: Place) => readonly One[];
  readonly nameOf: (one: One) => string;
  readonly because: string;
  readonly instead: string;
}

const ITS_NAME = "Harbor finds it by its name: the second would change what the first has made";
const OTHER_NAME = "a name of its own for each";

/** Two entries with one name in a list of the settings. */
function twice<One>({ listOf, ...naming }: Naming<HarborSettings, One>): Refusal {
  return refusalOfEach(everyIn(listOf), naming.code, rule(naming));
}

/** Two entries with one name in a list of a project. */
function twiceInProject<One>({ listOf, ...naming }: Naming<Project, One>): Refusal {
  return refusalOfEach(everyInProjects(listOf), naming.code, rule(naming));
}

function rule<One>({ field, nameOf, because, instead }: Omit<Naming<never, One>, "listOf">) {
  return {
    when: ({ one, before }: Entry<One>) => before.some((other) => nameOf(other) === nameOf(one)),
    field,
    says: ({ one }: Entry<One>) => `${nameOf(one)} is there twice`,
    because,
    instead,
    source: MEASURED,
  };
}

const named = { nameOf: ({ name }: { readonly name: string }) => name, because: ITS_NAME, instead: OTHER_NAME };

const chosen = (one: Project["immutability"][number]) =>
  `tags ${one.exceptTags ? "but " : ""}${one.tags} of ${one.exceptRepositories ? "all but " : ""}${one.repositories}`;

/** Refusals of two things that would be one in Harbor. */
export const harborSettingsNameRefusals = [
  twice({
    ...named,
    code: "harbor/project-twice",
    field: "harbor.settings.projects[].name",
    listOf: (all) => all.projects,
  }),
  twice({
    ...named,
    code: "harbor/registry-twice",
    field: "harbor.settings.registries[].name",
    listOf: (all) => all.registries,
  }),
  twice({ ...named, code: "harbor/robot-twice", field: "harbor.settings.robots[].name", listOf: (all) => all.robots }),
  twice({
    ...named,
    code: "harbor/replication-twice",
    field: "harbor.settings.replications[].name",
    listOf: (all) => all.replications,
  }),
  twice({ ...named, code: "harbor/label-twice", field: "harbor.settings.labels[].name", listOf: (all) => all.labels }),
  twice({
    ...named,
    code: "harbor/preheat-instance-twice",
    field: "harbor.settings.preheatInstances[].name",
    listOf: (all) => all.preheatInstances,
  }),
  twice({
    code: "harbor/preheat-endpoint-twice",
    field: "harbor.settings.preheatInstances[].endpoint",
    listOf: (all) => all.preheatInstances,
    nameOf: ({ endpoint }) => endpoint,
    because: "Harbor takes each endpoint once and answers the second with a fault of its own (500)",
    instead: "one instance for each endpoint",
  }),
  twiceInProject({
    ...named,
    code: "harbor/project-robot-twice",
    field: "harbor.settings.projects[].robots[].name",
    listOf: (project) => project.robots,
  }),
  twiceInProject({
    ...named,
    code: "harbor/project-label-twice",
    field: "harbor.settings.projects[].labels[].name",
    listOf: (project) => project.labels,
  }),
  twiceInProject({
    ...named,
    code: "harbor/webhook-twice",
    field: "harbor.settings.projects[].webhooks[].name",
    listOf: (project) => project.webhooks,
  }),
  twiceInProject({
    ...named,
    code: "harbor/preheat-rule-twice",
    field: "harbor.settings.projects[].preheat[].name",
    listOf: (project) => project.preheat,
  }),
  twiceInProject({
    code: "harbor/member-twice",
    field: "harbor.settings.projects[].members[]",
    listOf: (project) => project.members,
    nameOf: ({ user, group }) => (user === undefined ? `group ${group?.toLowerCase()}` : `user ${user}`),
    because: "a member has one role in a project",
    instead: "the role that is meant, once",
  }),
  twiceInProject({
    code: "harbor/immutability-twice",
    field: "harbor.settings.projects[].immutability[]",
    listOf: (project) => project.immutability,
    nameOf: chosen,
    because: "Harbor takes the same patterns once in a project (409)",
    instead: "the rule, once",
  }),
  twiceInProject({
    code: "harbor/retention-rule-twice",
    field: "harbor.settings.projects[].retention.rules[]",
    listOf: (project) => project.retention?.rules ?? [],
    nameOf: (rule) => `keep ${JSON.stringify(rule.keep).replace(/[{}"]/g, "")} of ${chosen(rule)}`,
    because: "Harbor refuses a rule that says what another one says (409)",
    instead: "the rule, once",
  }),
];
