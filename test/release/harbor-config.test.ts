import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { HARBOR_PATHS } from "../../release/harbor-layout.js";
import { survivesPrepare } from "../../release/quoting.js";
import { isVersionOf } from "../../spec/engine.js";
import type { Environment } from "../../spec/environment.js";
import { Problem } from "../../spec/problem.js";
import { Secret } from "../../spec/secret.js";
import { harborFiles, harborRegistries } from "../arbitrary/harbor-software.js";
import { anyText, hostileText } from "../arbitrary/text.js";
import { fileAt, MARK, releasesOf } from "./example.js";
import { harborEnvironment, harborRelease, harborReleases, harborSecrets, SEED_MARK, SEEDS } from "./harbor-example.js";
import { type HarborKeys, harborKeys } from "./harbor-keys.js";

/** Harbor's `prepare` reads YAML 1.1. */
const YAML = { version: "1.1" } as const;

function configOf(environment: Environment, seeds = SEEDS): HarborKeys {
  const { version } = environment.registry;
  const [, keys] = Object.entries(harborKeys).find(([name]) => name === version) ?? [];
  if (keys === undefined || !isVersionOf("harbor", version)) throw new Error(`no keys for ${version}`);
  return keys.parse(parse(fileAt(harborRelease(environment, seeds), HARBOR_PATHS.config).content, YAML));
}

const environments = fc
  .tuple(harborFiles(), harborRegistries())
  .map(([harbor, registry]) => harborEnvironment(harbor, registry));

const given = { kind: "given", host: "db.example.com", ca: "database.pem" } as const;

describe("harbor.yml", () => {
  test("holds only keys that its version reads, each with a value of the right kind", () => {
    fc.assert(
      fc.property(environments, (environment) => {
        configOf(environment);
      }),
      { numRuns: 25 },
    );
  });

  test("the same input gives the same bytes", () => {
    fc.assert(
      fc.property(environments, (environment) => {
        expect(harborReleases(structuredClone(environment))).toEqual(harborReleases(environment));
      }),
      { numRuns: 8 },
    );
  });

  test("while the password of the nodes' data base is changed it has the second login and the coming one", () => {
    const login = (environment: Environment, seeds = SEEDS) => {
      const { username, password } = configOf(environment, seeds).external_database.harbor;
      return { username, password };
    };
    const changing = { ...SEEDS, comingDatabasePassword: new Secret(`${SEED_MARK}coming`) };
    const steady = { username: "harbor", password: SEEDS.databasePassword.reveal() };
    expect(login(harborEnvironment())).toEqual(steady);
    expect(login(harborEnvironment(), changing)).toEqual({
      username: "harbor_rotating",
      password: `${SEED_MARK}coming`,
    });
    expect(login(harborEnvironment({ database: given }), changing)).toEqual(steady);
  });

  test("is the same on all nodes but for the one that purges uploads, unless each has its own way to the data base", () => {
    const given = harborEnvironment({ database: { kind: "given", host: "db.example.com" } });
    const [first, second, third] = harborReleases(given).map((release) => fileAt(release, HARBOR_PATHS.config).content);
    expect(first?.replace("enabled: true # on one node", "enabled: false # on one node")).toBe(second);
    expect(second).toBe(third);
    const hosts = harborReleases(harborEnvironment()).map(
      (release) => parse(fileAt(release, HARBOR_PATHS.config).content).external_database.harbor.host,
    );
    expect(hosts).toEqual(["198.18.0.11", "198.18.0.12", "198.18.0.13"]);
  });

  test.each<[string, Environment, unknown]>([
    ["_version", harborEnvironment({}, { version: "2.13" }), "2.13.0"],
    ["hostname", harborEnvironment(), "registry.example.com"],
    ["external_url", harborEnvironment(), "https://registry.example.com"],
    ["external_url", harborEnvironment({}, { ports: { https: 8443 } }), "https://registry.example.com:8443"],
    ["external_url", harborEnvironment({ externalUrl: "https://other.example.com" }), "https://other.example.com"],
    ["http.port", harborEnvironment({}, { ports: { registry: 5555 } }), 5555],
    ["http.port", harborEnvironment({ nginx: { tls: true, redirectPort: 8088 } }), 8088],
    ["https", harborEnvironment(), undefined],
    [
      "https",
      harborEnvironment({ nginx: { tls: true, strongCiphers: true } }),
      {
        port: 5000,
        certificate: HARBOR_PATHS.certificate,
        private_key: HARBOR_PATHS.certificateKey,
        strong_ssl_ciphers: true,
      },
    ],
    ["ip_family.ipv6.enabled", harborEnvironment({ nginx: { ipv6: true } }), true],
    ["internal_tls", harborEnvironment(), undefined],
    ["internal_tls.dir", harborEnvironment({ internalTls: { enabled: true } }), HARBOR_PATHS.internalTls],
    ["harbor_admin_password", harborEnvironment(), SEEDS.adminPassword.reveal()],
    ["data_volume", harborEnvironment({ dataVolume: "/srv/harbor" }), "/srv/harbor"],
    ["database", harborEnvironment(), undefined],
    ["external_database.harbor.port", harborEnvironment(), 5433],
    ["external_database.harbor.ssl_mode", harborEnvironment(), "verify-ca"],
    ["external_database.harbor.host", harborEnvironment({ database: given }), "db.example.com"],
    ["external_database.harbor.ssl_mode", harborEnvironment({ database: given }), "verify-full"],
    ["external_database.harbor.max_open_conns", harborEnvironment({ connections: { open: 70 } }), 70],
    ["external_database.harbor.conn_max_idle_time", harborEnvironment({ connections: { idleTime: "1m" } }), "1m"],
    ["external_redis.sentinel_master_set", harborEnvironment(), "harbor"],
    ["external_redis.host", harborEnvironment(), "198.18.0.11:26379,198.18.0.12:26379,198.18.0.13:26379"],
    [
      "external_redis",
      harborEnvironment({
        redis: {
          kind: "given",
          addresses: ["redis.example.com:6380"],
          user: "us",
          tls: true,
          ca: "redis.pem",
          databases: { registry: 3, harbor: 6, cacheLayer: 7 },
        },
      }),
      {
        host: "redis.example.com:6380",
        username: "us",
        password: SEEDS.redisPassword?.reveal(),
        tlsOptions: { enable: true, rootCA: HARBOR_PATHS.authority("redis") },
        registry_db_index: 3,
        jobservice_db_index: 2,
        trivy_db_index: 5,
        harbor_db_index: 6,
        cache_layer_db_index: 7,
        idle_timeout_seconds: 30,
      },
    ],
    [
      "external_redis.tlsOptions.rootCA",
      harborEnvironment({ redis: { kind: "given", addresses: ["redis.example.com:6380"], tls: true } }),
      null,
    ],
    ["redis", harborEnvironment(), undefined],
    ["storage_service.redirect.disable", harborEnvironment(), true],
    ["storage_service.redirect.disable", harborEnvironment({}, { redirect: true }), false],
    [
      "storage_service.s3.regionendpoint",
      harborEnvironment({}, { storage: { kind: "s3", bucket: "images", region: "eu-north-1" } }),
      "https://s3.eu-north-1.amazonaws.com",
    ],
    [
      "storage_service.s3.regionendpoint",
      harborEnvironment({}, { storage: { kind: "s3", bucket: "images", region: "eu-central-1" } }),
      undefined,
    ],
    [
      "storage_service.oss.rootdirectory",
      harborEnvironment({}, { storage: { kind: "oss", bucket: "images", region: "oss-cn-hangzhou", prefix: "a" } }),
      "/a",
    ],
    [
      "storage_service.filesystem.maxthreads",
      harborEnvironment({}, { storage: { kind: "filesystem", nfs: { server: "nfs.example.com", path: "/export" } } }),
      100,
    ],
    [
      "storage_service.ca_bundle",
      harborEnvironment({ trust: { storage: "s.pem" } }),
      HARBOR_PATHS.authority("storage"),
    ],
    ["uaa.ca_file", harborEnvironment({ trust: { uaa: "uaa.pem" } }), HARBOR_PATHS.authority("uaa")],
    ["trivy", harborEnvironment({ trivy: { enabled: false } }), undefined],
    ["trivy.db_repository", harborEnvironment({}, { version: "2.15" }), "ghcr.io/aquasecurity/trivy-db"],
    ["trivy.db_repository", harborEnvironment({}, { version: "2.14" }), undefined],
    ["trivy.security_check", harborEnvironment({ trivy: { checks: ["vuln", "secret"] } }), "vuln,secret"],
    ["trivy.github_token", harborEnvironment({ trivy: { githubToken: true } }), SEEDS.githubToken?.reveal()],
    ["jobservice.job_loggers", harborEnvironment(), ["STD_OUTPUT", "DB"]],
    ["jobservice.max_job_duration_hours", harborEnvironment({ jobs: { maxDuration: "3d" } }), 72],
    ["jobservice.logger_sweeper_duration", harborEnvironment({ jobs: { keepLogs: "36h" } }), 2],
    ["notification.webhook_job_http_client_timeout", harborEnvironment({ jobs: { webhookTimeout: "1500ms" } }), 2],
    ["log.level", harborEnvironment({}, { log: { level: "warn" } }), "warning"],
    ["log.local.rotate_size", harborEnvironment({ log: { fileSize: "1GiB" } }), "1024M"],
    [
      "log.external_endpoint",
      harborEnvironment({ log: { forward: { host: "syslog.example.com", protocol: "udp" } } }),
      { protocol: "udp", host: "syslog.example.com", port: 514 },
    ],
    ["proxy", harborEnvironment(), undefined],
    [
      "proxy",
      harborEnvironment({ proxy: { http: "http://proxy:3128", except: [".a", "10.0.0.0/8"], components: ["core"] } }),
      { http_proxy: "http://proxy:3128", no_proxy: ".a,10.0.0.0/8", components: ["core"] },
    ],
    ["metric", harborEnvironment(), { enabled: true, port: 5001, path: "/metrics" }],
    ["metric", harborEnvironment({}, { metrics: { enabled: false } }), undefined],
    ["trace.otel.timeout", harborEnvironment({ trace: { otel: { endpoint: "otel:4318", timeout: "2500ms" } } }), 3],
    [
      "trace.attributes",
      harborEnvironment({ trace: { attributes: { a: "b" }, otel: { endpoint: "o:1" } } }),
      { a: "b" },
    ],
    ["upload_purging.age", harborEnvironment({}, { uploads: { purgeAfter: "7d" } }), "168h"],
    ["upload_purging.interval", harborEnvironment({}, { uploads: { purgeEvery: "90m" } }), "2h"],
    ["upload_purging.enabled", harborEnvironment({ uploadPurging: { enabled: false } }), false],
    ["cache", harborEnvironment({ cache: { enabled: true, expire: "90m" } }), { enabled: true, expire_hours: 2 }],
    ["core.quota_update_provider", harborEnvironment(), "db"],
  ])("%s is what the environment asks for", (key, environment, value) => {
    const found = key
      .split(".")
      .reduce<unknown>((at, part) => at && Reflect.get(Object(at), part), configOf(environment));
    expect(found).toEqual(value);
  });

  test("a port of the metrics on which a program of Harbor listens is refused", () => {
    const taken = harborEnvironment({}, { ports: { metrics: 8080 } });
    expect(() => harborRelease(taken)).toThrow(/8080, on which a program of Harbor listens/);
  });

  test("a data base of Redis that Harbor would pass over is refused", () => {
    const zero = harborEnvironment({ redis: { kind: "given", addresses: ["a:1"], databases: { jobs: 0 } } });
    expect(() => harborRelease(zero)).toThrow(/jobs is 0/);
  });
});

describe("what Harbor writes without quotes", () => {
  /** A line of an env file, as Docker Compose reads it: blanks at the ends, comments and variables are not the value's. */
  const envValue = (line: string) => line.slice(line.indexOf("=") + 1).replace(/(^\s+|\s+(#.*)?$)/g, "");

  test("comes back unchanged, or is refused", () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), hostileText(), fc.stringMatching(/^[ -~]{1,12}$/)), (text) => {
        if (!survivesPrepare(text)) return;
        expect(String(parse(`a: 1\nkey: ${text}\nb: 2\n`, YAML).key)).toBe(text);
        expect(envValue(`KEY=${text}`)).toBe(text);
        expect(text).not.toMatch(/[$'"`\\#\s]/);
      }),
      { numRuns: 300 },
    );
  });

  test("all letters of seeds come back", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{15,40}$/), (text) => {
        expect(survivesPrepare(text)).toBe(true);
      }),
    );
  });

  test.each([
    "",
    " a",
    "a b",
    "a: b",
    "a #b",
    "#a",
    "a#b",
    "pa$s",
    "~",
    "yes",
    "0123",
    "1e5",
    "1_000",
    "1:30",
    "2026-01-01",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "[a",
    "{a",
    "a:",
    "- a",
    "'a'",
    '"a"',
    "a\\b",
    "a`b",
    "a\nb",
    "a\u2028b",
    "\u00e9",
  ])("%j is refused", (text) => {
    expect(survivesPrepare(text)).toBe(false);
  });

  test.each(["/registry", "abc+/==", "http://proxy:3128", "a,b:1,c:2", "-a", "123456", "true", "10.0.0.0/8,.local"])(
    "%s is taken",
    (text) => {
      expect(survivesPrepare(text)).toBe(true);
    },
  );

  test("a secret of the storage that would be changed is named, and not shown", () => {
    const environment = harborEnvironment({}, { storage: { kind: "s3", bucket: "images", region: "eu-central-1" } });
    const secrets = {
      ...harborSecrets(environment),
      storage: { accessKey: new Secret("ak"), secretKey: new Secret("a$b") },
    };
    const render = () => releasesOf(environment, secrets);
    expect(render).toThrow(Problem);
    expect(render).toThrow(/the secret storage-secret-key/);
    expect(render).not.toThrow(/a\$b/);
  });

  test("a hostile text of the environment file is refused with its field, or comes back", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const storage = { kind: "s3", bucket: "images", region: "eu-central-1", kmsKey: `k${text}` } as const;
        const environment = harborEnvironment({}, { storage });
        if (survivesPrepare(`k${text}`)) {
          expect(configOf(environment).storage_service.s3?.keyid).toBe(`k${text}`);
          return;
        }
        expect(() => harborRelease(environment)).toThrow(Problem);
      }),
      { numRuns: 30 },
    );
  });
});

describe("secrets of Harbor", () => {
  test("stand in files alone that only root can read, and in no masked text", () => {
    fc.assert(
      fc.property(environments, (environment) => {
        for (const { files } of harborReleases(environment)) {
          const marked = (text: string) => text.includes(SEED_MARK) || text.includes(MARK);
          expect(files.filter(({ masked }) => marked(masked)).map(({ path }) => path)).toEqual([]);
          const holding = files.filter(({ content }) => marked(content));
          expect(holding.filter(({ sensitive }) => !sensitive).map(({ path }) => path)).toEqual([]);
          const ours = holding.filter(({ path }) => path.startsWith(`${HARBOR_PATHS.folder}/`));
          expect(ours.filter(({ mode }) => mode !== 0o600).map(({ path }) => path)).toEqual([]);
        }
      }),
      { numRuns: 12 },
    );
  });

  test("the CA of a data base goes where the seeding takes it from, those that harbor.yml names where it says", () => {
    const environment = harborEnvironment({
      database: given,
      redis: { kind: "given", addresses: ["redis.example.com:6380"], tls: true, ca: "redis.pem" },
      trust: { storage: "storage.pem", uaa: "uaa.pem" },
    });
    const release = harborRelease(environment);
    expect(fileAt(release, HARBOR_PATHS.trusted("database")).content).toBe("text of database.pem\n");
    for (const name of ["redis", "storage", "uaa"]) {
      expect(fileAt(release, HARBOR_PATHS.authority(name)).content).toBe(`text of ${name}.pem\n`);
    }
    expect(fileAt(harborRelease(harborEnvironment()), HARBOR_PATHS.trusted("database")).content).toBe("authority\n");
  });

  test("containers that speak TLS find each its certificate and key and the CA, and no key of the CA", () => {
    const { files } = harborRelease(harborEnvironment({ internalTls: { enabled: true } }));
    const inside = files.filter(({ path }) => path.startsWith(HARBOR_PATHS.internalTls));
    expect(inside).toHaveLength(15);
    for (const { path, mode, content } of inside) {
      expect(mode).toBe(path.endsWith(".key") ? 0o600 : 0o644);
      expect(content).toBe(
        path.endsWith("_ca.crt") ? "authority\n" : path.endsWith(".crt") ? "containers\n" : "SEED-insidexxxxxxxxx\n",
      );
    }
  });

  test("no seeds, no release: the missing thing is named", () => {
    const environment = harborEnvironment();
    const { harbor: _, ...without } = harborSecrets(environment);
    expect(() => releasesOf(environment, without)).toThrow(/what Harbor's nodes must share/);
  });
});
