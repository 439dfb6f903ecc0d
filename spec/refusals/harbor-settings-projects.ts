import type { REGISTRY_KINDS } from "../harbor/settings/other-registry.js";
import { refusalOfEach } from "../refusal.js";
import { isPrivateHost } from "../url.js";
import { everyIn, everyInProjects } from "./harbor-settings-views.js";

const MEASURED = "measured with Harbor v2.15.2";
const CODE = "goharbor/harbor v2.15.2";
const MOST_RULES = 15;

const everyProject = everyIn(({ projects }) => projects);

/** Kinds of registries that a project can be a cache of; Harbor 2.13 knows quay among them. */
const CACHEABLE = [
  "docker-hub",
  "harbor",
  "azure-acr",
  "ali-acr",
  "aws-ecr",
  "google-gcr",
  "docker-registry",
  "github-ghcr",
  "jfrog-artifactory",
] satisfies (typeof REGISTRY_KINDS)[number][];

const cacheOfUnknown = refusalOfEach(everyProject, "harbor/cache-of-unknown-registry", {
  when: ({ one, settings }) =>
    one.proxyCache !== undefined && !settings.registries.some(({ name }) => name === one.proxyCache?.registry),
  field: "harbor.settings.projects[].proxyCache.registry",
  says: ({ one }) => `${one.proxyCache?.registry} is none of the registries`,
  because: "Harbor makes a cache only of a registry that it knows",
  instead: "the name of one of harbor.settings.registries",
  source: MEASURED,
});

const cacheOfKind = refusalOfEach(everyProject, "harbor/cache-of-kind", {
  when: ({ one, settings, registry }) => {
    const kind = settings.registries.find(({ name }) => name === one.proxyCache?.registry)?.kind;
    if (kind === undefined || (kind === "quay" && registry.version === "2.13")) return false;
    return !CACHEABLE.some((allowed) => allowed === kind);
  },
  field: "harbor.settings.projects[].proxyCache.registry",
  says: ({ one }) => `${one.proxyCache?.registry} is of a kind that cannot be cached`,
  because: "Harbor refuses to make a cache of it (400)",
  instead: `a registry of the kind ${CACHEABLE.join(", ")}; docker-registry speaks with most`,
  source: `${CODE}, make/photon/prepare/templates/core/env.jinja: PERMITTED_REGISTRY_TYPES_FOR_PROXY_CACHE`,
});

const notationOfCache = refusalOfEach(everyProject, "harbor/notation-of-a-cache", {
  when: ({ one }) => one.proxyCache !== undefined && one.contentTrust?.includes("notation") === true,
  field: "harbor.settings.projects[].contentTrust",
  says: "notation for a cache",
  because: "Harbor drops it without a word: unsigned images could be pulled",
  instead: "cosign, or no contentTrust",
  source: "goharbor/harbor#12940",
});

const cacheConnections = refusalOfEach(everyProject, "harbor/cache-connections-before-2.14", {
  when: ({ one, registry }) => one.proxyCache?.connections !== undefined && registry.version === "2.13",
  field: "harbor.settings.projects[].proxyCache.connections",
  says: ({ one }) => `${one.proxyCache?.connections} with Harbor 2.13`,
  because: "2.13 drops it without a word",
  instead: 'version: "2.14" or newer, or leave it away',
  source: "goharbor/harbor v2.13.5, src/pkg/project/models/pro_meta.go",
});

const serveDeleted = refusalOfEach(everyProject, "harbor/serve-deleted-before-2.15", {
  when: ({ one, registry }) => one.proxyCache?.serveDeleted !== undefined && registry.version !== "2.15",
  field: "harbor.settings.projects[].proxyCache.serveDeleted",
  says: ({ registry }) => `serveDeleted with Harbor ${registry.version}`,
  because: "only 2.15 knows it; older ones drop it without a word",
  instead: 'version: "2.15", or leave it away',
  source: "goharbor/harbor v2.14.4, src/pkg/project/models/pro_meta.go",
});

const quotaOff = refusalOfEach(everyProject, "harbor/quota-while-off", {
  when: ({ one, settings }) => one.quota !== undefined && settings.system.quota?.enabled === false,
  field: "harbor.settings.projects[].quota",
  says: ({ one }) => `${one.quota} while system.quota.enabled is false`,
  because: "Harbor makes no quota then, and there is none to be changed",
  instead: "quota.enabled: true, or no quota of a project",
  source: `${CODE}, src/server/v2.0/handler/project.go: CreateProject`,
});

const scanWithoutTrivy = refusalOfEach(everyProject, "harbor/scan-on-push-without-trivy", {
  when: ({ one, harbor }) => (one.scanOnPush === true || one.sbomOnPush === true) && !harbor.trivy.enabled,
  field: "harbor.settings.projects[].scanOnPush",
  says: "scanOnPush or sbomOnPush without a scanner",
  because: "nothing would ever be looked into, and nothing would say so",
  instead: "harbor.trivy.enabled: true, or neither of them",
  source: MEASURED,
});

const everyRule = everyInProjects(({ retention }) => retention?.rules ?? []);

const keepOne = refusalOfEach(everyRule, "harbor/retention-keeps", {
  when: ({ one }) => Object.values(one.keep).filter((value) => value !== undefined && value !== false).length !== 1,
  field: "harbor.settings.projects[].retention.rules[].keep",
  says: ({ one }) => {
    const named = Object.keys(one.keep);
    return named.length === 0 ? "nothing is kept" : `${named.join(" and ")} in one rule`;
  },
  because: "a rule of Harbor's keeps by one measure; several rules keep what any of them keeps",
  instead: "one of newest, lastPulled, pushedWithin, pulledWithin or all: true, and another rule for another measure",
  source: MEASURED,
});

const tooManyRules = refusalOfEach(everyProject, "harbor/retention-rules", {
  when: ({ one }) => (one.retention?.rules.length ?? 0) > MOST_RULES,
  field: "harbor.settings.projects[].retention.rules",
  says: ({ one }) => `${one.retention?.rules.length} rules`,
  because: `Harbor takes ${MOST_RULES} at most`,
  instead: "fewer rules with wider patterns: {main,release-*}",
  source: `${CODE}, src/server/v2.0/handler/retention.go`,
});

const everyMember = everyInProjects(({ members }) => members);

const userOrGroup = refusalOfEach(everyMember, "harbor/member-user-or-group", {
  when: ({ one }) => (one.user === undefined) === (one.group === undefined),
  field: "harbor.settings.projects[].members[]",
  says: ({ one }) => (one.user === undefined ? "a member without a name" : `${one.user} and ${one.group} in one entry`),
  because: "a role is given to a user or to a group",
  instead: "user: <name> or group: <name>",
  source: MEASURED,
});

const groupWithoutLogin = refusalOfEach(everyMember, "harbor/group-without-directory", {
  when: ({ one, settings }) =>
    one.group !== undefined && settings.login?.kind !== "ldap" && settings.login?.kind !== "oidc",
  field: "harbor.settings.projects[].members[].group",
  says: ({ one }) => `the group ${one.group} while people come from Harbor's own data base`,
  because: "it has no groups: Harbor answers that there is no such group (404)",
  instead: "harbor.settings.login with kind: ldap or oidc, or users",
  source: MEASURED,
});

const ldapGroupDn = refusalOfEach(everyMember, "harbor/ldap-group-without-dn", {
  when: ({ one, settings }) => settings.login?.kind === "ldap" && one.group !== undefined && !one.group.includes("="),
  field: "harbor.settings.projects[].members[].group",
  says: ({ one }) => `${one.group} is no DN`,
  because: "Harbor finds a group of LDAP by its DN alone",
  instead: "the DN: cn=developers,ou=groups,dc=example,dc=com",
  source: `${CODE}, src/controller/member/controller.go: Create`,
});

const adminIsMember = refusalOfEach(everyMember, "harbor/admin-is-member", {
  when: ({ one }) => one.user === "admin",
  field: "harbor.settings.projects[].members[].user",
  says: "admin",
  because: "Harbor makes its administrator a member of each project that it makes, with all rights",
  instead: "leave it away",
  source: MEASURED,
});

const everyWebhook = everyInProjects(({ webhooks }) => webhooks);

const slackFormat = refusalOfEach(everyWebhook, "harbor/webhook-format-of-slack", {
  when: ({ one }) => one.kind === "slack" && one.format !== "default",
  field: "harbor.settings.projects[].webhooks[].format",
  says: ({ one }) => `${one.format} for slack`,
  because: "Slack reads its own form only",
  instead: "leave it away, or kind: http",
  source: `${CODE}, src/pkg/notifier/formats`,
});

const webhookInTheClear = refusalOfEach(everyWebhook, "harbor/webhook-in-the-clear", {
  when: ({ one }) => one.authorization && one.url.startsWith("http:") && !isPrivateHost(one.url),
  field: "harbor.settings.projects[].webhooks[].url",
  says: ({ one }) => `${one.url} with authorization: true`,
  because: "the secret header would travel where anybody on the way can read it",
  instead: "https; http is accepted for private names and addresses",
  source: "RFC 6750 §5.3: bearer tokens need TLS",
});

const preheatUnknown = refusalOfEach(
  everyInProjects(({ preheat }) => preheat),
  "harbor/preheat-unknown-instance",
  {
    when: ({ one, settings }) => !settings.preheatInstances.some(({ name }) => name === one.instance),
    field: "harbor.settings.projects[].preheat[].instance",
    says: ({ one }) => `${one.instance} is none of the preheatInstances`,
    because: "Harbor brings images only to peers that it knows",
    instead: "the name of one of harbor.settings.preheatInstances",
    source: MEASURED,
  },
);

const preheatOff = refusalOfEach(
  everyInProjects(({ preheat }) => preheat),
  "harbor/preheat-instance-off",
  {
    when: ({ one, settings }) =>
      settings.preheatInstances.some(({ name, enabled }) => name === one.instance && !enabled),
    field: "harbor.settings.projects[].preheat[].instance",
    says: ({ one }) => `${one.instance} is switched off, and ${one.name} uses it`,
    because: "Harbor refuses to switch off what a rule uses, and every other change of it (412)",
    instead: "enabled: false for the rule, in the place of the instance",
    source: MEASURED,
  },
);

const groupBelow = refusalOfEach(
  everyInProjects(({ members }) => members),
  "harbor/ldap-group-one-level",
  {
    when: ({ one, settings: { login } }) =>
      one.group !== undefined && login?.kind === "ldap" && login.scope === "one-level",
    field: "harbor.settings.projects[].members[].group",
    says: ({ one }) => `${one.group} with login.scope: one-level`,
    because:
      "Harbor looks for a group at its DN with the scope of people, and one-level begins below it: it finds none",
    instead: "login.scope: subtree",
    source: `${MEASURED}; src/pkg/ldap/ldap.go: searchGroup`,
  },
);

/** Refusals that concern projects and what belongs to them. */
export const harborProjectRefusals = [
  cacheOfUnknown,
  cacheOfKind,
  notationOfCache,
  cacheConnections,
  serveDeleted,
  quotaOff,
  scanWithoutTrivy,
  keepOne,
  tooManyRules,
  userOrGroup,
  groupWithoutLogin,
  ldapGroupDn,
  adminIsMember,
  slackFormat,
  webhookInTheClear,
  preheatUnknown,
  preheatOff,
  groupBelow,
];
