import fc from "fast-check";
import type { HarborSettingsFile } from "../../spec/harbor/settings/settings.js";
import { hostileText } from "./text.js";

type Part<Name extends keyof HarborSettingsFile> = NonNullable<HarborSettingsFile[Name]>;
type ProjectFile = Part<"projects">[number];

const patterns = fc.constantFrom("**", "v*", "release-*", "{main,next}", "team/**");
const words = fc.constantFrom("hourly", "daily", "weekly", "monthly", "5 4 * * *", "*/10 1-5 * jan-mar mon,wed");
const names = (...all: readonly string[]) => fc.subarray([...all]);
const some = <One>(one: fc.Arbitrary<One>) => fc.option(one, { nil: undefined });
/** A part that is there or not: a field that is undefined is one that is not written. */
const part = <Fields extends object>(fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> }) =>
  fc.record<Fields, never>(fields, { requiredKeys: [] });

const projectRights = fc
  .record({
    repository: names("pull", "push", "list", "delete"),
    tag: names("create", "list", "delete"),
    artifact: names("read", "list"),
  })
  .map((rights) => ({ ...written(rights), log: ["list"] }));
const systemRights = fc
  .record({ project: names("list", "create"), registry: names("read", "list"), "audit-log": names("list") })
  .map(written);

function written(rights: Readonly<Record<string, string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(rights).filter(([, actions]) => actions.length > 0));
}

const chosen = part({
  repositories: patterns,
  exceptRepositories: fc.boolean(),
  tags: patterns,
  exceptTags: fc.boolean(),
  enabled: fc.boolean(),
});

const keep = fc.oneof(
  fc.record({ newest: fc.integer({ min: 1, max: 15_000 }) }),
  fc.record({ lastPulled: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ pushedWithin: fc.constantFrom("1d", "30d") }),
  fc.record({ pulledWithin: fc.constantFrom("7d", "365d") }),
  fc.constant({ all: true }),
);

const retentions = fc.record(
  {
    schedule: fc.oneof(words, fc.constant("never")),
    rules: fc.uniqueArray(
      fc.tuple(keep, chosen, fc.boolean()).map(([kept, about, untagged]) => ({ keep: kept, ...about, untagged })),
      {
        minLength: 1,
        maxLength: 4,
        selector: ({ keep: kept, repositories = "**", exceptRepositories = false, tags = "**", exceptTags = false }) =>
          JSON.stringify([kept, repositories, exceptRepositories, tags, exceptTags]),
      },
    ),
  },
  { requiredKeys: ["rules"] },
);

const robotCommon = {
  description: some(hostileText()),
  expires: fc.constantFrom("never", "30d", "365d"),
  enabled: fc.boolean(),
};

const inProject = {
  public: fc.boolean(),
  quota: fc.constantFrom("unlimited", "1GiB", "500MiB"),
  scanOnPush: fc.boolean(),
  sbomOnPush: fc.boolean(),
  blockFrom: fc.constantFrom("off" as const, "low" as const, "critical" as const),
  cveAllowList: fc.oneof(
    fc.constant({ kind: "system" as const }),
    fc.record(
      {
        kind: fc.constant("own" as const),
        cves: names("CVE-2024-3094", "CVE-2021-44228"),
        until: fc.constant("2027-01-31"),
      },
      { requiredKeys: ["kind"] },
    ),
  ),
  members: names("alice", "bob").chain((users) =>
    fc.tuple(
      ...users.map((user) =>
        fc.record({
          user: fc.constant(user),
          role: fc.constantFrom("admin" as const, "guest" as const, "limited-guest" as const),
        }),
      ),
    ),
  ),
  robots: names("ci", "deploy.eu", "x_1").chain((all) =>
    fc.tuple(...all.map((name) => fc.record({ ...robotCommon, name: fc.constant(name), rights: projectRights }))),
  ),
  labels: names("stable", "Not yet!", "ä€").map((all) => all.map((name) => ({ name }))),
  retention: retentions,
  immutability: fc.uniqueArray(chosen, {
    maxLength: 3,
    selector: ({ repositories = "**", exceptRepositories = false, tags = "**", exceptTags = false }) =>
      JSON.stringify([repositories, exceptRepositories, tags, exceptTags]),
  }),
  webhooks: names("chat", "scanner").chain((all) =>
    fc.tuple(
      ...all.map((name) =>
        fc.record({
          name: fc.constant(name),
          description: some(hostileText()),
          events: fc.uniqueArray(
            fc.constantFrom("push" as const, "pull" as const, "scanned" as const, "retention" as const),
            { minLength: 1 },
          ),
          url: fc.constantFrom("https://hooks.example.com/a", "http://hooks.internal:8080/b?c=d"),
          kind: fc.constantFrom("http" as const, "slack" as const),
          authorization: fc.boolean(),
          verifyCertificate: fc.boolean(),
          enabled: fc.boolean(),
        }),
      ),
    ),
  ),
  preheat: names("hot", "nightly").chain((all) =>
    fc.tuple(
      ...all.map((name) =>
        fc.record({
          name: fc.constant(name),
          instance: fc.constantFrom("peers", "kraken"),
          tags: patterns,
          labels: names("stable", "approved"),
          when: fc.oneof(words, fc.constantFrom("event", "manual")),
          scope: fc.constantFrom("single_peer" as const, "all_peers" as const),
          clusters: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
          enabled: fc.boolean(),
        }),
      ),
    ),
  ),
};

/** Projects of one's own, and caches: what is one is never the other, for Harbor cannot change that. */
const projects: fc.Arbitrary<ProjectFile[]> = names("team", "a.b-c_d", "0").chain((own) =>
  names("hub-cache").chain((caches) =>
    fc.tuple(
      ...own.map((name) =>
        part({ ...inProject, contentTrust: names("cosign", "notation").map(trusts) }).map((project) => ({
          ...project,
          name,
        })),
      ),
      ...caches.map((name) =>
        fc
          .tuple(
            part(inProject),
            part({
              speed: fc.constantFrom("1MiB", "64KiB"),
              connections: fc.integer({ min: 1, max: 50 }),
              serveDeleted: fc.boolean(),
            }),
          )
          .map(([project, cache]) => ({ ...project, name, proxyCache: { registry: "hub", ...cache } })),
      ),
    ),
  ),
);

function trusts(all: readonly string[]): ("cosign" | "notation")[] {
  return all.map((name) => (name === "cosign" ? "cosign" : "notation"));
}

const logins: fc.Arbitrary<Part<"login">> = fc.oneof(
  fc.record({ kind: fc.constant("database" as const), selfRegistration: fc.boolean() }),
  fc.record(
    {
      kind: fc.constant("ldap" as const),
      url: fc.constant("ldaps://ldap.example.com:636"),
      baseDn: fc.constant("ou=people,dc=example"),
      searchDn: fc.constant("cn=harbor,dc=example"),
      filter: hostileText(),
      scope: fc.constantFrom("base" as const, "subtree" as const),
    },
    { requiredKeys: ["kind", "url", "baseDn"] },
  ),
  fc.record(
    {
      kind: fc.constant("oidc" as const),
      name: fc.constant("idp"),
      endpoint: fc.constant("https://idp.example.com/realms/acme"),
      clientId: fc.constant("harbor"),
      groupsClaim: hostileText(),
      autoOnboard: fc.boolean(),
      first: fc.boolean(),
    },
    { requiredKeys: ["kind", "name", "endpoint", "clientId"] },
  ),
);

const systems: fc.Arbitrary<Part<"system">> = part({
  projectCreation: fc.constantFrom("everyone" as const, "admins" as const),
  tokenLifetime: fc.constantFrom("30s", "45m", "2h"),
  robotPrefix: fc.constantFrom("robot$", "bot+"),
  webhooks: fc.boolean(),
  quota: fc.record({ default: fc.constantFrom("unlimited", "10GiB") }),
  auditForward: fc.record({ address: fc.constant("syslog.example.com:514"), keepInDatabase: fc.boolean() }),
  banner: fc.record({ message: hostileText(), closable: fc.boolean() }),
});

const replications: fc.Arbitrary<Part<"replications">> = names("out", "in").chain((all) =>
  fc.tuple(
    ...all.map((name) =>
      fc
        .tuple(
          part({
            repositories: patterns,
            tags: patterns,
            exceptTags: patterns,
            labels: names("approved", "b"),
            resources: fc.constantFrom("all" as const, "image" as const),
            into: fc.record({
              namespace: fc.constantFrom("mirror", "mirror/hub"),
              flatten: fc.constantFrom(0, 1, 3, "all" as const),
            }),
            deletions: fc.boolean(),
            override: fc.boolean(),
            speed: fc.constantFrom("1KiB", "10MiB"),
            enabled: fc.boolean(),
          }),
          words,
          fc.boolean(),
        )
        .map(([rule, when, oneAtATime]) => ({
          ...rule,
          name,
          ...(name === "out" ? { to: "dr", when: oneAtATime ? when : "event" } : { from: "hub", when }),
          oneAtATime,
        })),
    ),
  ),
);

/** Settings that Harbor takes; the registries and peers that others name are always among them. */
export function validHarborSettings(): fc.Arbitrary<HarborSettingsFile> {
  return fc.record(
    {
      login: logins,
      system: systems,
      gc: fc.record({
        schedule: fc.oneof(words, fc.constant("never")),
        deleteUntagged: fc.boolean(),
        workers: fc.integer({ min: 1, max: 10 }),
      }),
      scanAll: fc.record({ schedule: fc.oneof(words, fc.constant("never")) }),
      auditPurge: fc.record({ schedule: fc.oneof(words, fc.constant("never")), keep: fc.constantFrom("90m", "30d") }),
      registries: fc.tuple(fc.boolean(), fc.boolean()).map(([named, verifyCertificate]) => [
        {
          name: "hub",
          kind: "docker-hub" as const,
          url: "https://hub.docker.com",
          ...(named ? { username: "acme" } : {}),
        },
        { name: "dr", kind: "harbor" as const, url: "https://dr.example.com/", verifyCertificate },
      ]),
      labels: names("approved", "old").map((all) => all.map((name) => ({ name }))),
      preheatInstances: fc.boolean().map((named) => [
        {
          name: "peers",
          vendor: "dragonfly" as const,
          endpoint: "http://peers.internal",
          ...(named ? { login: { kind: "basic" as const, username: "u" } } : {}),
        },
        { name: "kraken", vendor: "kraken" as const, endpoint: "http://kraken.internal" },
      ]),
      projects,
      robots: names("all", "some").chain((all) =>
        fc.tuple(
          ...all.map((name) =>
            fc.record({
              ...robotCommon,
              name: fc.constant(name),
              projects: projectRights.map((rights) => [{ name: "*", rights }]),
              system: systemRights,
            }),
          ),
        ),
      ),
      replications,
    },
    { requiredKeys: ["registries", "preheatInstances"] },
  );
}
