import { milliseconds } from "../duration.js";
import { refusalOfEach } from "../refusal.js";
import { isPrivateHost } from "../url.js";
import { everyIn, everyInProjects, harborSettings } from "./harbor-settings-views.js";

const MEASURED = "measured with Harbor v2.15.2";
const CODE = "goharbor/harbor v2.15.2";
/** What Harbor takes: 240,000 hours. */
const LONGEST_AUDIT = milliseconds("10000d");

const everyReplication = everyIn(({ replications }) => replications);

const oneEnd = refusalOfEach(everyReplication, "harbor/replication-ends", {
  when: ({ one }) => (one.to === undefined) === (one.from === undefined),
  field: "harbor.settings.replications[]",
  says: ({ one }) => (one.to === undefined ? `${one.name} names no registry` : `${one.name} names to and from`),
  because: "one end of every copy is Harbor itself",
  instead: "either to: or from: a registry",
  source: MEASURED,
});

const unknownEnd = (end: "to" | "from") =>
  refusalOfEach(everyReplication, `harbor/replication-${end}-unknown-registry`, {
    when: ({ one, settings }) => one[end] !== undefined && !settings.registries.some(({ name }) => name === one[end]),
    field: `harbor.settings.replications[].${end}`,
    says: ({ one }) => `${one[end]} is none of the registries`,
    because: "Harbor copies only from and to registries that it knows",
    instead: "the name of one of harbor.settings.registries",
    source: MEASURED,
  });

const eventPull = refusalOfEach(everyReplication, "harbor/replication-event-pull", {
  when: ({ one }) => one.from !== undefined && one.when === "event",
  field: "harbor.settings.replications[].when",
  says: ({ one }) => `event for ${one.name}, which copies from ${one.from}`,
  because: "Harbor accepts it and hears of nothing that happens there: it would never copy anything",
  instead: "a schedule: hourly, or */10 * * * *",
  source: MEASURED,
});

const eventOneAtATime = refusalOfEach(everyReplication, "harbor/replication-event-one-at-a-time", {
  when: ({ one }) => one.oneAtATime && one.when === "event",
  field: "harbor.settings.replications[].oneAtATime",
  says: ({ one }) => `oneAtATime for ${one.name}, which copies after each event`,
  because: "Harbor answers with a fault of its own (500)",
  instead: "oneAtATime: false, or a schedule",
  source: MEASURED,
});

const oneAtATimeOn213 = refusalOfEach(everyReplication, "harbor/replication-one-at-a-time-before-2.14", {
  when: ({ one, registry }) => one.oneAtATime && registry.version === "2.13",
  field: "harbor.settings.replications[].oneAtATime",
  says: "oneAtATime with Harbor 2.13",
  because: "2.13 drops it without a word",
  instead: 'version: "2.14" or newer, or leave it away',
  source: "goharbor/harbor v2.13.5, api/v2.0/swagger.yaml",
});

const everyMinute = refusalOfEach(everyReplication, "harbor/replication-every-minute", {
  when: ({ one }) => one.when.startsWith("* "),
  field: "harbor.settings.replications[].when",
  says: ({ one }) => one.when,
  because: "Harbor refuses * for the minute of a replication",
  instead: "*/5 * * * *, or event",
  source: `${CODE}, src/controller/replication/model/model.go`,
});

const everyRegistry = everyIn(({ registries }) => registries);

const caBefore215 = refusalOfEach(everyRegistry, "harbor/registry-ca-before-2.15", {
  when: ({ one, registry }) => one.ca !== undefined && registry.version !== "2.15",
  field: "harbor.settings.registries[].ca",
  says: ({ one, registry }) => `a CA for ${one.name} with Harbor ${registry.version}`,
  because: "only 2.15 knows it; older ones drop it without a word and trust nobody",
  instead: 'version: "2.15", or a certificate of a CA that all nodes trust',
  source: "goharbor/harbor v2.14.4, api/v2.0/swagger.yaml",
});

const registryInTheClear = refusalOfEach(everyRegistry, "harbor/registry-in-the-clear", {
  when: ({ one }) => one.username !== undefined && one.url.startsWith("http:") && !isPrivateHost(one.url),
  field: "harbor.settings.registries[].url",
  says: ({ one }) => `${one.url} with a username`,
  because: "its password would travel where anybody on the way can read it",
  instead: "https; http is accepted for private names and addresses",
  source: "RFC 7617 §4: Basic is not secret by itself",
});

const everyRobot = everyIn(({ robots }) => robots);

const isEmpty = (rights: Readonly<Record<string, unknown>>) =>
  Object.values(rights).every((actions) => actions === undefined);

const NO_RIGHTS = {
  because: "Harbor refuses a robot that may do nothing",
  instead: "at least one right: repository: [pull]",
  source: `${CODE}, src/server/v2.0/handler/robot.go: validate`,
};

const robotWithoutRights = refusalOfEach(everyRobot, "harbor/robot-without-rights", {
  ...NO_RIGHTS,
  when: ({ one }) =>
    (one.projects.length === 0 && isEmpty(one.system)) || one.projects.some(({ rights }) => isEmpty(rights)),
  field: "harbor.settings.robots[]",
  says: ({ one }) => `${one.name} has no rights, or none in one of its projects`,
});

const projectRobotWithoutRights = refusalOfEach(
  everyInProjects(({ robots }) => robots),
  "harbor/project-robot-without-rights",
  {
    ...NO_RIGHTS,
    when: ({ one }) => isEmpty(one.rights),
    field: "harbor.settings.projects[].robots[].rights",
    says: ({ one }) => `${one.name} has no rights`,
  },
);

const robotProjectTwice = refusalOfEach(everyRobot, "harbor/robot-project-twice", {
  when: ({ one }) => new Set(one.projects.map(({ name }) => name)).size < one.projects.length,
  field: "harbor.settings.robots[].projects",
  says: ({ one }) => `${one.name} names a project twice`,
  because: "which of the two lists of rights is meant cannot be told",
  instead: "each project once, with all rights there",
  source: "by design",
});

const scanAllWithoutTrivy = refusalOfEach(harborSettings, "harbor/scan-all-without-trivy", {
  when: ({ settings, harbor }) =>
    settings.scanAll !== undefined && settings.scanAll.schedule !== "never" && !harbor.trivy.enabled,
  field: "harbor.settings.scanAll.schedule",
  says: ({ settings }) => `${settings.scanAll?.schedule} without a scanner`,
  because: "Harbor refuses the schedule while it has none (412)",
  instead: "harbor.trivy.enabled: true, or schedule: never",
  source: MEASURED,
});

const auditTooLong = refusalOfEach(harborSettings, "harbor/audit-kept-too-long", {
  when: ({ settings }) => settings.auditPurge !== undefined && milliseconds(settings.auditPurge.keep) > LONGEST_AUDIT,
  field: "harbor.settings.auditPurge.keep",
  says: ({ settings }) => settings.auditPurge?.keep ?? "",
  because: "Harbor counts hours and takes 240,000 of them at most",
  instead: "10000d or less, or schedule: never",
  source: `${CODE}, src/common/const.go: MaxAuditRetentionHour`,
});

const ldapInTheClear = refusalOfEach(harborSettings, "harbor/ldap-in-the-clear", {
  when: ({ settings: { login } }) =>
    login?.kind === "ldap" && login.url.startsWith("ldap:") && !isPrivateHost(login.url.replace(/^ldap/, "http")),
  field: "harbor.settings.login.url",
  says: ({ settings: { login } }) => (login?.kind === "ldap" ? login.url : ""),
  because: "everybody's password would travel where anybody on the way can read it",
  instead: "ldaps; ldap is accepted for private names and addresses",
  source: "RFC 4513 §6.3.3: simple binds need TLS",
});

const scopeWithoutOpenid = refusalOfEach(harborSettings, "harbor/oidc-scopes", {
  when: ({ settings: { login } }) => login?.kind === "oidc" && !login.scopes.includes("openid"),
  field: "harbor.settings.login.scopes",
  says: "scopes without openid",
  because: "a provider gives no identity then: nobody could log in",
  instead: "openid, and what else is needed: email, profile, offline_access",
  source: "OpenID Connect Core 1.0 §3.1.2.1",
});

/** Refusals that concern what is set inside of Harbor, but for projects. */
export const harborSettingsRefusals = [
  oneEnd,
  unknownEnd("to"),
  unknownEnd("from"),
  eventPull,
  eventOneAtATime,
  oneAtATimeOn213,
  everyMinute,
  caBefore215,
  registryInTheClear,
  robotWithoutRights,
  projectRobotWithoutRights,
  robotProjectTwice,
  scanAllWithoutTrivy,
  auditTooLong,
  ldapInTheClear,
  scopeWithoutOpenid,
];
