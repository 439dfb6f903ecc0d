import type { HarborRedis } from "../../spec/harbor/services.js";
import { harborOf } from "../../spec/harbor/software.js";
import { Secret } from "../../spec/secret.js";
import { templateFile, verbatimFile } from "../files.js";
import { HARBOR_PATHS } from "../harbor-layout.js";
import { needed } from "../missing.js";
import type { ReleaseFile } from "../release.js";
import type { Templates } from "../templates.js";
import { harborConfigView } from "../views/harbor-config.js";
import { harborProgramView } from "../views/harbor-program.js";
import { seedsOf } from "../views/harbor-services.js";
import type { NodeContext } from "../views/node-view.js";

/** Nobody but root: `prepare` and the seeding run as root, and containers see none of these files. */
const ROOT_ONLY = 0o600;

/** What Harbor's `prepare` reads, what its output is seeded with, and the programs that make a running Harbor of it. */
export function harborFiles(templates: Templates, context: NodeContext): ReleaseFile[] {
  const kind = { component: "harbor", unit: "registry" } as const;
  const view = harborConfigView(context);
  const program = harborProgramView(context);
  return [
    templateFile(templates, { ...kind, path: HARBOR_PATHS.config, mode: ROOT_ONLY, sensitive: true, view }),
    templateFile(templates, { ...kind, path: HARBOR_PATHS.seed, mode: 0o755, view: {} }),
    templateFile(templates, { ...kind, path: HARBOR_PATHS.check, mode: 0o755, view: {} }),
    templateFile(templates, { ...kind, path: HARBOR_PATHS.program, mode: 0o755, view: program }),
    templateFile(templates, { ...kind, path: HARBOR_PATHS.override, view: program }),
    templateFile(templates, { ...kind, path: HARBOR_PATHS.migration, view: {} }),
    ...seedFiles(context),
    ...serverCertificate(context),
    ...internalCertificates(context),
    ...authorities(context),
  ];
}

function seedFiles(context: NodeContext): ReleaseFile[] {
  const seeds = seedsOf(context);
  const file = (path: string, part: string | Secret) =>
    verbatimFile({ path, unit: "registry", mode: ROOT_ONLY }, [part]);
  const values: readonly (readonly [key: string, value: Secret])[] = [
    ["CORE_SECRET", seeds.coreSecret],
    ["JOBSERVICE_SECRET", seeds.jobserviceSecret],
    ["REGISTRY_CREDENTIAL_PASSWORD", seeds.registryPassword],
    ["CSRF_KEY", seeds.csrfKey],
    ["ROBOT_SCANNER_NAME_PREFIX", seeds.scannerRobotPrefix],
    ["REGISTRY_HTTP_SECRET", seeds.registryHttpSecret],
  ];
  return [
    file(HARBOR_PATHS.secretKey, seeds.secretKey),
    file(HARBOR_PATHS.tokenKey, seeds.tokenKey),
    file(HARBOR_PATHS.tokenCertificate, seeds.tokenCertificate),
    file(HARBOR_PATHS.passwords, seeds.registryHtpasswd),
    file(HARBOR_PATHS.values, new Secret(values.map(([key, value]) => `${key}=${value.reveal()}\n`).join(""))),
  ];
}

/** The site's certificate once more: `prepare` copies it into Harbor's own folder. */
function serverCertificate({ environment, secrets, site }: NodeContext): ReleaseFile[] {
  if (!harborOf(environment).nginx.tls) return [];
  const { chain, key } = needed(secrets.certificates[site.name], `the certificate of site ${site.name}`);
  return [
    verbatimFile({ path: HARBOR_PATHS.certificate, unit: "registry" }, [chain]),
    verbatimFile({ path: HARBOR_PATHS.certificateKey, unit: "registry", mode: ROOT_ONLY }, [key]),
  ];
}

/** Names under which `prepare` looks for what each container shows; all of them show the same. */
const INTERNAL_NAMES = ["proxy", "core", "job_service", "registryctl", "registry", "portal", "trivy_adapter"];

/** The whole folder is copied by `prepare`, so no key of a CA may lie there. */
function internalCertificates(context: NodeContext): ReleaseFile[] {
  if (!harborOf(context.environment).internalTls.enabled) return [];
  const { internalTls, authority } = seedsOf(context);
  const { certificate, key } = needed(internalTls, "the certificate of Harbor's containers");
  const folder = HARBOR_PATHS.internalTls;
  return [
    verbatimFile({ path: `${folder}/harbor_internal_ca.crt`, unit: "registry" }, [
      needed(authority, "the CA of the environment"),
    ]),
    ...INTERNAL_NAMES.flatMap((name) => [
      verbatimFile({ path: `${folder}/${name}.crt`, unit: "registry" }, [certificate]),
      verbatimFile({ path: `${folder}/${name}.key`, unit: "registry", mode: ROOT_ONLY }, [key]),
    ]),
  ];
}

/** CAs that harbor.yml names lie in one folder; those that Harbor has no key for in another, for the seeding. */
function authorities(context: NodeContext): ReleaseFile[] {
  const { environment, secrets } = context;
  const { database, redis, trust } = harborOf(environment);
  const named: readonly (readonly [path: string, source: string | undefined])[] = [
    [HARBOR_PATHS.trusted("database"), database.kind === "own" ? undefined : database.ca],
    [HARBOR_PATHS.authority("redis"), redisAuthority(redis)],
    [HARBOR_PATHS.authority("storage"), trust.storage],
    [HARBOR_PATHS.authority("uaa"), trust.uaa],
  ];
  const given = named.flatMap(([path, source]) =>
    source === undefined
      ? []
      : [verbatimFile({ path, unit: "registry" }, [needed(secrets.trusted[source], `the text of ${source}`)])],
  );
  if (database.kind !== "own") return given;
  const own = needed(seedsOf(context).authority, "the CA of the environment");
  return [...given, verbatimFile({ path: HARBOR_PATHS.trusted("database"), unit: "registry" }, [own])];
}

function redisAuthority(redis: HarborRedis): string | undefined {
  if (redis.kind === "own") return undefined;
  return redis.kind === "managed" || redis.tls ? redis.ca : undefined;
}
