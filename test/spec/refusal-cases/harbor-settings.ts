import type { HarborSettingsFile } from "../../../spec/harbor/settings/settings.js";
import { type HarborFile, harbor, type RegistryFile } from "../harbor-environments.js";
import type { RefusalCase } from "./refusal-case.js";

type ProjectFile = NonNullable<HarborSettingsFile["projects"]>[number];
type ReplicationFile = NonNullable<HarborSettingsFile["replications"]>[number];

const hub = { name: "hub", kind: "docker-hub", url: "https://hub.docker.com" } as const;
const quay = { name: "hub", kind: "quay", url: "https://quay.io" } as const;
const peers = { name: "peers", vendor: "dragonfly", endpoint: "http://manager.internal:8080" } as const;
const webhook = { name: "chat", events: ["push" as const], url: "https://chat.example.com" };
const robot = { name: "ci", rights: { repository: ["pull" as const] } };
const ldap = { kind: "ldap", url: "ldaps://ldap.example.com", baseDn: "dc=example" } as const;
const oidc = { kind: "oidc", name: "idp", endpoint: "https://idp.example.com", clientId: "harbor" } as const;
const newest = { keep: { newest: 30 } };
const rules = (count: number) => Array.from({ length: count }, (_, index) => ({ keep: { newest: index + 1 } }));

const inside = (settings: HarborSettingsFile, block: HarborFile = {}, registry: RegistryFile = {}) =>
  harbor({ ...block, settings }, registry);
const withProject = (project: Partial<ProjectFile>, more: HarborSettingsFile = {}, registry: RegistryFile = {}) =>
  inside({ projects: [{ name: "team", ...project }], ...more }, {}, registry);
const withReplication = (rule: Partial<ReplicationFile>, registry: RegistryFile = {}) =>
  inside({ registries: [hub], replications: [{ name: "copy", ...rule }] }, {}, registry);
const without = (scanner: boolean): HarborFile => ({ trivy: { enabled: scanner } });

/** A list with the same thing twice, and with two things. */
function twice(
  code: string,
  list: keyof HarborSettingsFile,
  key: string,
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): RefusalCase {
  return {
    code,
    refused: inside({ [list]: [one, { ...one, ...(key === "name" ? {} : { name: "another" }) }] }),
    field: `harbor.settings.${list}[1].${key}`,
    allowed: inside({ [list]: [one, { ...one, ...other }] }),
  };
}

function twiceInProject<List extends keyof ProjectFile>(
  code: string,
  list: List,
  field: string,
  entries: readonly [one: unknown, other: unknown],
  more: HarborSettingsFile = {},
): RefusalCase {
  const [one, other] = entries;
  return {
    code,
    refused: withProject({ [list]: [one, one] }, more),
    field: `harbor.settings.projects[0].${field}`,
    allowed: withProject({ [list]: [one, other] }, more),
  };
}

/** Things that would be one in Harbor. */
const names: readonly RefusalCase[] = [
  twice("harbor/project-twice", "projects", "name", { name: "team" }, { name: "other" }),
  twice("harbor/registry-twice", "registries", "name", hub, { name: "other" }),
  twice("harbor/robot-twice", "robots", "name", { name: "ci", system: { project: ["list"] } }, { name: "cd" }),
  twice("harbor/label-twice", "labels", "name", { name: "stable" }, { name: "Stable" }),
  {
    code: "harbor/replication-twice",
    refused: inside({
      registries: [hub],
      replications: [
        { name: "a", from: "hub" },
        { name: "a", to: "hub" },
      ],
    }),
    field: "harbor.settings.replications[1].name",
    allowed: inside({
      registries: [hub],
      replications: [
        { name: "a", from: "hub" },
        { name: "b", to: "hub" },
      ],
    }),
  },
  {
    code: "harbor/preheat-instance-twice",
    refused: inside({ preheatInstances: [peers, { ...peers, endpoint: "http://other.internal" }] }),
    field: "harbor.settings.preheatInstances[1].name",
    allowed: inside({ preheatInstances: [peers, { ...peers, name: "b", endpoint: "http://other.internal" }] }),
  },
  twice("harbor/preheat-endpoint-twice", "preheatInstances", "endpoint", peers, {
    name: "b",
    endpoint: "http://b.internal",
  }),
  twiceInProject("harbor/project-robot-twice", "robots", "robots[1].name", [robot, { ...robot, name: "cd" }]),
  twiceInProject("harbor/project-label-twice", "labels", "labels[1].name", [{ name: "a" }, { name: "b" }]),
  twiceInProject("harbor/webhook-twice", "webhooks", "webhooks[1].name", [webhook, { ...webhook, name: "mail" }]),
  twiceInProject(
    "harbor/preheat-rule-twice",
    "preheat",
    "preheat[1].name",
    [
      { name: "a", instance: "peers" },
      { name: "b", instance: "peers" },
    ],
    { preheatInstances: [peers] },
  ),
  twiceInProject("harbor/member-twice", "members", "members[1]", [
    { user: "alice", role: "guest" },
    { user: "bob", role: "guest" },
  ]),
  twiceInProject("harbor/immutability-twice", "immutability", "immutability[1]", [
    { tags: "v*" },
    { tags: "v*", exceptTags: true },
  ]),
  {
    code: "harbor/retention-rule-twice",
    refused: withProject({ retention: { rules: [newest, newest] } }),
    field: "harbor.settings.projects[0].retention.rules[1]",
    allowed: withProject({ retention: { rules: [newest, { ...newest, tags: "v*" }] } }),
  },
];

/** Projects and what belongs to them. */
const projects: readonly RefusalCase[] = [
  {
    code: "harbor/cache-of-unknown-registry",
    refused: withProject({ proxyCache: { registry: "hubb" } }, { registries: [hub] }),
    field: "harbor.settings.projects[0].proxyCache.registry",
    allowed: withProject({ proxyCache: { registry: "hub" } }, { registries: [hub] }),
  },
  {
    code: "harbor/cache-of-kind",
    refused: withProject({ proxyCache: { registry: "hub" } }, { registries: [quay] }, { version: "2.14" }),
    field: "harbor.settings.projects[0].proxyCache.registry",
    allowed: withProject({ proxyCache: { registry: "hub" } }, { registries: [quay] }, { version: "2.13" }),
  },
  {
    code: "harbor/notation-of-a-cache",
    refused: withProject({ proxyCache: { registry: "hub" }, contentTrust: ["notation"] }, { registries: [hub] }),
    field: "harbor.settings.projects[0].contentTrust",
    allowed: withProject({ proxyCache: { registry: "hub" }, contentTrust: ["cosign"] }, { registries: [hub] }),
  },
  {
    code: "harbor/cache-connections-before-2.14",
    refused: withProject(
      { proxyCache: { registry: "hub", connections: 9 } },
      { registries: [hub] },
      { version: "2.13" },
    ),
    field: "harbor.settings.projects[0].proxyCache.connections",
    allowed: withProject(
      { proxyCache: { registry: "hub", connections: 9 } },
      { registries: [hub] },
      { version: "2.14" },
    ),
  },
  {
    code: "harbor/serve-deleted-before-2.15",
    refused: withProject(
      { proxyCache: { registry: "hub", serveDeleted: true } },
      { registries: [hub] },
      { version: "2.14" },
    ),
    field: "harbor.settings.projects[0].proxyCache.serveDeleted",
    allowed: withProject(
      { proxyCache: { registry: "hub", serveDeleted: true } },
      { registries: [hub] },
      { version: "2.15" },
    ),
  },
  {
    code: "harbor/quota-while-off",
    refused: withProject({ quota: "1GiB" }, { system: { quota: { enabled: false } } }),
    field: "harbor.settings.projects[0].quota",
    allowed: withProject({ quota: "1GiB" }, { system: { quota: { enabled: true } } }),
  },
  {
    code: "harbor/scan-on-push-without-trivy",
    refused: inside({ projects: [{ name: "team", scanOnPush: true }] }, without(false)),
    field: "harbor.settings.projects[0].scanOnPush",
    allowed: inside({ projects: [{ name: "team", scanOnPush: true }] }, without(true)),
  },
  {
    code: "harbor/retention-keeps",
    refused: withProject({ retention: { rules: [{ keep: { newest: 30, pulledWithin: "30d" } }] } }),
    field: "harbor.settings.projects[0].retention.rules[0].keep",
    allowed: withProject({ retention: { rules: [newest, { keep: { pulledWithin: "30d" } }] } }),
  },
  {
    code: "harbor/retention-rules",
    refused: withProject({ retention: { rules: rules(16) } }),
    field: "harbor.settings.projects[0].retention.rules",
    allowed: withProject({ retention: { rules: rules(15) } }),
  },
  {
    code: "harbor/member-user-or-group",
    refused: withProject({ members: [{ role: "guest" }] }),
    field: "harbor.settings.projects[0].members[0]",
    allowed: withProject({ members: [{ user: "alice", role: "guest" }] }),
  },
  {
    code: "harbor/group-without-directory",
    refused: withProject({ members: [{ group: "developers", role: "guest" }] }),
    field: "harbor.settings.projects[0].members[0].group",
    allowed: withProject({ members: [{ group: "developers", role: "guest" }] }, { login: oidc }),
  },
  {
    code: "harbor/ldap-group-without-dn",
    refused: withProject({ members: [{ group: "developers", role: "guest" }] }, { login: ldap }),
    field: "harbor.settings.projects[0].members[0].group",
    allowed: withProject({ members: [{ group: "cn=developers,dc=example", role: "guest" }] }, { login: ldap }),
  },
  {
    code: "harbor/admin-is-member",
    refused: withProject({ members: [{ user: "admin", role: "admin" }] }),
    field: "harbor.settings.projects[0].members[0].user",
    allowed: withProject({ members: [{ user: "administrator", role: "admin" }] }),
  },
  {
    code: "harbor/webhook-format-of-slack",
    refused: withProject({ webhooks: [{ ...webhook, kind: "slack", format: "cloud-events" }] }),
    field: "harbor.settings.projects[0].webhooks[0].format",
    allowed: withProject({ webhooks: [{ ...webhook, kind: "http", format: "cloud-events" }] }),
  },
  {
    code: "harbor/webhook-in-the-clear",
    refused: withProject({ webhooks: [{ ...webhook, url: "http://chat.acme.com", authorization: true }] }),
    field: "harbor.settings.projects[0].webhooks[0].url",
    allowed: withProject({ webhooks: [{ ...webhook, url: "http://chat.internal", authorization: true }] }),
  },
  {
    code: "harbor/preheat-unknown-instance",
    refused: withProject({ preheat: [{ name: "hot", instance: "pears" }] }, { preheatInstances: [peers] }),
    field: "harbor.settings.projects[0].preheat[0].instance",
    allowed: withProject({ preheat: [{ name: "hot", instance: "peers" }] }, { preheatInstances: [peers] }),
  },
  {
    code: "harbor/preheat-instance-off",
    refused: withProject(
      { preheat: [{ name: "hot", instance: "peers" }] },
      { preheatInstances: [{ ...peers, enabled: false }] },
    ),
    field: "harbor.settings.projects[0].preheat[0].instance",
    allowed: withProject(
      { preheat: [{ name: "hot", instance: "peers", enabled: false }] },
      { preheatInstances: [peers] },
    ),
  },
  {
    code: "harbor/ldap-group-one-level",
    refused: withProject(
      { members: [{ group: "cn=devs,dc=example", role: "developer" }] },
      { login: { ...ldap, scope: "one-level" } },
    ),
    field: "harbor.settings.projects[0].members[0].group",
    allowed: withProject({ members: [{ group: "cn=devs,dc=example", role: "developer" }] }, { login: ldap }),
  },
  {
    code: "harbor/project-robot-without-rights",
    refused: withProject({ robots: [{ name: "ci", rights: {} }] }),
    field: "harbor.settings.projects[0].robots[0].rights",
    allowed: withProject({ robots: [robot] }),
  },
];

/** What belongs to no project. */
const whole: readonly RefusalCase[] = [
  {
    code: "harbor/replication-ends",
    refused: withReplication({ from: "hub", to: "hub" }),
    field: "harbor.settings.replications[0]",
    allowed: withReplication({ from: "hub" }),
  },
  {
    code: "harbor/replication-to-unknown-registry",
    refused: withReplication({ to: "hubb" }),
    field: "harbor.settings.replications[0].to",
    allowed: withReplication({ to: "hub" }),
  },
  {
    code: "harbor/replication-from-unknown-registry",
    refused: withReplication({ from: "hubb" }),
    field: "harbor.settings.replications[0].from",
    allowed: withReplication({ from: "hub" }),
  },
  {
    code: "harbor/replication-event-pull",
    refused: withReplication({ from: "hub", when: "event" }),
    field: "harbor.settings.replications[0].when",
    allowed: withReplication({ to: "hub", when: "event" }),
  },
  {
    code: "harbor/replication-event-one-at-a-time",
    refused: withReplication({ to: "hub", when: "event", oneAtATime: true }),
    field: "harbor.settings.replications[0].oneAtATime",
    allowed: withReplication({ to: "hub", when: "hourly", oneAtATime: true }),
  },
  {
    code: "harbor/replication-one-at-a-time-before-2.14",
    refused: withReplication({ to: "hub", oneAtATime: true }, { version: "2.13" }),
    field: "harbor.settings.replications[0].oneAtATime",
    allowed: withReplication({ to: "hub", oneAtATime: true }, { version: "2.14" }),
  },
  {
    code: "harbor/replication-every-minute",
    refused: withReplication({ from: "hub", when: "* * * * *" }),
    field: "harbor.settings.replications[0].when",
    allowed: withReplication({ from: "hub", when: "*/5 * * * *" }),
  },
  {
    code: "harbor/registry-ca-before-2.15",
    refused: inside({ registries: [{ ...hub, ca: pem() }] }, {}, { version: "2.14" }),
    field: "harbor.settings.registries[0].ca",
    allowed: inside({ registries: [{ ...hub, ca: pem() }] }, {}, { version: "2.15" }),
  },
  {
    code: "harbor/registry-in-the-clear",
    refused: inside({ registries: [{ ...hub, url: "http://nexus.acme.com", username: "u" }] }),
    field: "harbor.settings.registries[0].url",
    allowed: inside({ registries: [{ ...hub, url: "http://nexus.internal", username: "u" }] }),
  },
  {
    code: "harbor/robot-without-rights",
    refused: inside({ robots: [{ name: "ci", projects: [{ name: "*", rights: {} }] }] }),
    field: "harbor.settings.robots[0]",
    allowed: inside({ robots: [{ name: "ci", projects: [{ name: "*", rights: robot.rights }] }] }),
  },
  {
    code: "harbor/robot-project-twice",
    refused: inside({
      robots: [
        {
          name: "ci",
          projects: [
            { name: "a", rights: robot.rights },
            { name: "a", rights: robot.rights },
          ],
        },
      ],
    }),
    field: "harbor.settings.robots[0].projects",
    allowed: inside({
      robots: [
        {
          name: "ci",
          projects: [
            { name: "a", rights: robot.rights },
            { name: "b", rights: robot.rights },
          ],
        },
      ],
    }),
  },
  {
    code: "harbor/scan-all-without-trivy",
    refused: inside({ scanAll: { schedule: "daily" } }, without(false)),
    field: "harbor.settings.scanAll.schedule",
    allowed: inside({ scanAll: { schedule: "never" } }, without(false)),
  },
  {
    code: "harbor/audit-kept-too-long",
    refused: inside({ auditPurge: { schedule: "daily", keep: "10001d" } }),
    field: "harbor.settings.auditPurge.keep",
    allowed: inside({ auditPurge: { schedule: "daily", keep: "10000d" } }),
  },
  {
    code: "harbor/ldap-in-the-clear",
    refused: inside({ login: { ...ldap, url: "ldap://ldap.acme.com" } }),
    field: "harbor.settings.login.url",
    allowed: inside({ login: { ...ldap, url: "ldap://ldap.internal" } }),
  },
  {
    code: "harbor/oidc-scopes",
    refused: inside({ login: { ...oidc, scopes: ["email"] } }),
    field: "harbor.settings.login.scopes",
    allowed: inside({ login: { ...oidc, scopes: ["openid"] } }),
  },
];

/** What is set inside of Harbor. */
export const harborSettings: readonly RefusalCase[] = [...names, ...projects, ...whole];

function pem(): string {
  return "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
}
