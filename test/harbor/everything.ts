import type { HarborSettingsFile } from "../../spec/harbor/settings/settings.js";

/** Settings with at least one of each kind. */
export const everything: HarborSettingsFile = {
  login: {
    kind: "ldap",
    url: "ldaps://ldap.example.com",
    searchDn: "cn=harbor,dc=example",
    baseDn: "ou=people,dc=example",
    groups: { baseDn: "ou=groups,dc=example", admins: "cn=ops,ou=groups,dc=example" },
  },
  system: {
    projectCreation: "admins",
    robotPrefix: "bot+",
    tokenLifetime: "1h",
    sessionTimeout: "90m",
    robotLifetime: "60d",
    quota: { default: "50GiB" },
    auditForward: { address: "syslog.example.com:514", keepInDatabase: false },
    auditIgnore: ["pull_artifact"],
    cveAllowList: { cves: ["CVE-2023-44487"], until: "2027-06-30" },
    banner: { message: "Maintenance on Sunday", type: "warning" },
  },
  gc: { schedule: "weekly", deleteUntagged: true, workers: 4 },
  scanAll: { schedule: "daily" },
  auditPurge: { schedule: "0 1 * * 6", keep: "30d", events: ["pull_artifact", "create_artifact"] },
  registries: [
    { name: "hub", kind: "docker-hub", url: "https://hub.docker.com", username: "acme" },
    { name: "dr", kind: "harbor", url: "https://dr.example.com/", verifyCertificate: false, description: "far away" },
  ],
  labels: [{ name: "approved", color: "#00AA00", description: "by the release team" }],
  preheatInstances: [
    {
      name: "peers",
      vendor: "dragonfly",
      endpoint: "http://manager.example.com:8080",
      login: { kind: "basic", username: "harbor" },
    },
    { name: "old-peers", vendor: "kraken", endpoint: "http://kraken.example.com" },
    { name: "idle-peers", vendor: "kraken", endpoint: "http://idle.example.com", enabled: false },
  ],
  projects: [
    {
      name: "team",
      quota: "100GiB",
      contentTrust: ["cosign", "notation"],
      scanOnPush: true,
      sbomOnPush: true,
      blockFrom: "high",
      cveAllowList: { kind: "own", cves: ["CVE-2024-3094", "CVE-2021-44228"], until: "2027-01-31" },
      members: [
        { user: "alice", role: "maintainer" },
        { group: "cn=developers,ou=groups,dc=example", role: "developer" },
      ],
      robots: [
        { name: "ci", expires: "90d", rights: { repository: ["pull", "push"], tag: ["list"] } },
        { name: "old", enabled: false, rights: { repository: ["pull"] } },
      ],
      labels: [{ name: "stable" }],
      retention: {
        schedule: "30 3 * * *",
        rules: [
          { keep: { newest: 30 } },
          { keep: { pulledWithin: "90d" }, repositories: "base/**", tags: "v*", untagged: false },
          { keep: { all: true }, tags: "release-*", exceptRepositories: true, repositories: "try/**", enabled: false },
        ],
      },
      immutability: [{ tags: "v*" }, { tags: "release-*", enabled: false }],
      webhooks: [
        { name: "scanner", events: ["push", "scanned"], url: "https://scanner.example.com/in", authorization: true },
        { name: "chat", kind: "slack", events: ["quota-exceeded"], url: "https://hooks.example.com/x" },
      ],
      preheat: [
        { name: "hot", instance: "peers", tags: "v*", when: "event", scope: "all_peers", clusters: [1, 2] },
        { name: "nightly", instance: "old-peers", labels: ["stable"], when: "daily" },
      ],
    },
    {
      name: "hub-cache",
      public: true,
      proxyCache: { registry: "hub", speed: "10MiB", connections: 20, serveDeleted: true },
    },
    {
      name: "dr-cache",
      proxyCache: { registry: "dr" },
      cveAllowList: { kind: "system" },
      retention: { schedule: "never", rules: [{ keep: { pulledWithin: "14d" } }] },
    },
  ],
  robots: [
    {
      name: "deploy",
      projects: [{ name: "*", rights: { repository: ["pull"] } }],
      system: { project: ["list", "create"] },
    },
  ],
  replications: [
    {
      name: "to-dr",
      to: "dr",
      repositories: "team/**",
      tags: "v*",
      exceptLabels: ["secret"],
      resources: "image",
      when: "event",
      deletions: true,
      speed: "20MiB",
    },
    {
      name: "from-hub",
      from: "hub",
      into: { namespace: "mirror/hub", flatten: "all" },
      when: "daily",
      oneAtATime: true,
    },
  ],
};
