import { ENGINE_VERSIONS, isVersionOf } from "../engine.js";
import { refusal, refusalOfEach } from "../refusal.js";
import { type Registry, registrySchema } from "../registry.js";
import { oneOf } from "../wording.js";
import { harbors, type WithHarbor } from "./harbor-views.js";

const versionOfAnother = refusal("engine/version-of-another", {
  when: ({ registry }) => !isVersionOf(registry.engine, registry.version),
  field: "registry.version",
  says: ({ registry }) => `${registry.version} with engine: ${registry.engine}`,
  because: "each engine counts its versions by itself, and those of this one that can be built are others",
  instead: ({ registry }) => `${oneOf(ENGINE_VERSIONS[registry.engine])}, or leave it away for the newest`,
  source: "VERSION of goharbor/harbor; releases of distribution/distribution",
});

const blockWithoutHarbor = refusal("engine/harbor-block-without-harbor", {
  when: ({ registry, environment }) => registry.engine !== "harbor" && environment.harbor !== undefined,
  field: "harbor",
  says: ({ registry }) => `a block harbor with engine: ${registry.engine}`,
  because: "nothing reads it, and who wrote it expects that something does",
  instead: "registry.engine: harbor, or no block harbor",
  source: "by design: a setting is read, or refused",
});

const swiftOnDistribution = refusal("storage/swift-on-distribution", {
  when: ({ registry, storage }) => registry.engine === "distribution" && storage.kind === "swift",
  field: "registry.storage.kind",
  says: "swift with engine: distribution",
  because: "distribution 3 has no swift driver; a node with this file does not start",
  instead: "kind: s3, which Swift's gateways speak as well; or engine: harbor",
  source: "distribution/distribution v3: registry/storage/driver has no swift",
});

const nfsOnDistribution = refusal("storage/nfs-on-distribution", {
  when: ({ registry, storage }) =>
    registry.engine === "distribution" && storage.kind === "filesystem" && storage.nfs !== undefined,
  field: "registry.storage.nfs",
  says: "nfs with engine: distribution",
  because: "this version mounts an export for Harbor only",
  instead: "kind: s3 or azure; or engine: harbor",
  source: "limits of this version",
});

/** What Distribution reads and Harbor does not. */
interface Unread {
  readonly field: string;
  /** The part of the registry's settings that has to be as it is by default. */
  readonly part: (registry: WithHarbor["registry"]) => unknown;
  readonly because: string;
  readonly instead: string;
}

const UNREAD: Readonly<Record<string, Unread>> = {
  mirror: {
    field: "registry.mirror",
    part: ({ mirror }) => mirror,
    because: "Harbor as a whole mirrors nothing: a project of it can be the cache of another registry",
    instead: "a project with proxyCache in harbor.settings.projects, and its registry in harbor.settings.registries",
  },
  "descriptor-cache": {
    field: "registry.cache",
    part: ({ cache }) => cache,
    because: "Harbor's registries remember descriptors in Harbor's Redis, in a data base of their own",
    instead: "leave it away; harbor.redis says where Redis is, harbor.cache what else is remembered",
  },
  authentication: {
    field: "registry.authentication",
    part: ({ authentication }) => authentication,
    because: "Harbor has users, robots and logins of its own",
    instead: "harbor.settings.login for LDAP and OpenID Connect, harbor.settings.robots for programs",
  },
  "client-certificates": {
    field: "registry.clientCertificates",
    part: ({ clientCertificates }) => clientCertificates,
    because: "Harbor's programs call their own entry without a certificate, for replication and scans",
    instead: "leave it away; networks that may come in are the business of a firewall",
  },
  notifications: {
    field: "registry.notifications",
    part: ({ notifications }) => notifications,
    because: "the registry inside of Harbor tells its events to Harbor, which tells them to others by project",
    instead: "harbor.settings.projects[].webhooks",
  },
  delete: {
    field: "registry.delete",
    part: (registry) => registry.delete,
    because: "in Harbor the rights of each user and robot say who deletes, and garbage collection has to",
    instead: "harbor.settings.projects[].immutability, and robots without the right to delete",
  },
  "read-only": {
    field: "registry.readOnly",
    part: ({ readOnly }) => readOnly,
    because: "Harbor keeps this in its data base, where it can be changed while it runs",
    instead: "harbor.settings.system.readOnly: true",
  },
  health: {
    field: "registry.health",
    part: ({ health }) => health,
    because: "Harbor looks at its parts every 10 s, and no setting changes that",
    instead: "leave it away",
  },
  validation: {
    field: "registry.validation",
    part: ({ validation }) => validation,
    because: "Harbor writes the configuration of its registry itself and has no key for it",
    instead: "leave it away",
  },
  "catalog-entries": {
    field: "registry.catalogEntries",
    part: ({ catalogEntries }) => catalogEntries,
    because: "Harbor answers the catalogue itself, from its data base",
    instead: "leave it away",
  },
  "log-format": {
    field: "registry.log.format",
    part: ({ log }) => log.format,
    because: "Harbor's programs write text, and no setting changes that",
    instead: "leave it away; harbor.log.forward sends their lines to a syslog server",
  },
};

/** A registry whose file says nothing. Made when Harbor is asked for, and once. */
function unsaid(): Registry {
  made ??= registrySchema.parse({ hostname: "registry.example.com" });
  return made;
}
let made: Registry | undefined;

const unread = Object.entries(UNREAD).map(([name, { field, part, because, instead }]) =>
  refusalOfEach(harbors, `harbor/no-${name}`, {
    when: ({ registry }) => JSON.stringify(part(registry)) !== JSON.stringify(part(unsaid())),
    field,
    says: `${field} with engine: harbor`,
    because,
    instead,
    source: "goharbor/harbor v2.15.2, make/harbor.yml.tmpl and make/photon/prepare: no key for it",
  }),
);

const directoryUnread = refusalOfEach(harbors, "harbor/no-directory", {
  when: ({ storage }) => storage.kind === "filesystem" && storage.directory !== "/srv/registry",
  field: "registry.storage.directory",
  says: ({ storage }) => `${storage.kind === "filesystem" ? storage.directory : ""} with engine: harbor`,
  because: "Harbor keeps images in the folder registry of its data volume",
  instead: "harbor.dataVolume, or leave it away",
  source: "goharbor/harbor v2.15.2, docker-compose.yml.jinja: {{data_volume}}/registry:/storage",
});

/** Refusals that concern which engine reads what. */
export const engineRefusals = [
  versionOfAnother,
  blockWithoutHarbor,
  swiftOnDistribution,
  nfsOnDistribution,
  ...unread,
  directoryUnread,
];
