import type { FieldPath } from "./field.js";
import type { JsonSchema } from "./json-schema.js";
import { ownProperty } from "./schema-tree.js";

/** What a key that articles about Harbor know is called here, or what has taken its place. */
interface Replaced {
  /** What became of it. @default - it is a key of harbor.yml */
  readonly gone?: string;
  readonly instead: string;
}

const CHARTS: Replaced = {
  gone: "ChartMuseum left Harbor with version 2.8",
  instead: "leave it away: charts are pushed like images, with `helm push` to oci://",
};
const NOTARY: Replaced = {
  gone: "Notary left Harbor with version 2.9",
  instead: "sign with cosign or notation, and ask for signatures with harbor.settings.projects[].contentTrust",
};
const CLAIR: Replaced = {
  gone: "Clair left Harbor with version 2.2",
  instead: "harbor.trivy, which is on unless it says enabled: false",
};
const STORAGE: Replaced = {
  instead: "registry.storage with kind: s3, oss, azure, swift or filesystem; its keys are in the secret store",
};
const PASSWORD: Replaced = {
  instead: "leave it away: a password is made at random and kept in the secret store as harbor/admin-password",
};
const CONNECTIONS: Replaced = { instead: "harbor.connections, for each program of each node" };

/** By key, in lower case and without `_` and `-`. Sources: Harbor's harbor.yml and install.sh of versions 1.9 to 2.15. */
const REPLACED: ReadonlyMap<string, Replaced> = new Map(
  Object.entries({
    chartmuseum: CHARTS,
    withchartmuseum: CHARTS,
    chart: CHARTS,
    chartmuseumdbindex: CHARTS,
    notary: NOTARY,
    withnotary: NOTARY,
    notaryserver: NOTARY,
    notarysigner: NOTARY,
    clair: CLAIR,
    withclair: CLAIR,
    withtrivy: { instead: "harbor.trivy.enabled" },
    storagedriver: STORAGE,
    storageservice: STORAGE,
    harboradminpassword: PASSWORD,
    adminpassword: PASSWORD,
    externaldatabase: { instead: "harbor.database with kind: given" },
    externalredis: { instead: "harbor.redis with kind: given" },
    sentinelmasterset: { instead: "harbor.redis.sentinelMaster" },
    tlsoptions: { instead: "harbor.redis.tls and harbor.redis.ca" },
    externalurl: { instead: "harbor.externalUrl" },
    datavolume: { instead: "harbor.dataVolume" },
    internaltls: { instead: "harbor.internalTls" },
    ipfamily: { instead: "harbor.nginx.ipv6" },
    strongsslciphers: { instead: "harbor.nginx.strongCiphers" },
    jobservice: { instead: "harbor.jobs" },
    jobloggers: { instead: "harbor.jobs.loggers" },
    maxjobworkers: { instead: "harbor.jobs.workers" },
    maxjobdurationhours: { instead: "harbor.jobs.maxDuration" },
    loggersweeperduration: { instead: "harbor.jobs.keepLogs" },
    notification: { instead: "harbor.jobs.webhookRetries and harbor.jobs.webhookTimeout" },
    quotaupdateprovider: { instead: "harbor.quotaProvider" },
    uploadpurging: { instead: "harbor.uploadPurging, and registry.uploads for its times" },
    maxopenconns: CONNECTIONS,
    maxidleconns: CONNECTIONS,
    metric: { instead: "registry.metrics and registry.ports.metrics" },
    uaa: { instead: "harbor.trust.uaa" },
    cabundle: { instead: "harbor.trust.storage" },
  }),
);

/** What is said of a key that nobody knows here and Harbor's own files do. */
export function replacedKey(
  key: string,
  path: FieldPath,
  file: JsonSchema,
): { readonly says: string; readonly instead: string } | undefined {
  const replaced = REPLACED.get(key.toLowerCase().replaceAll(/[_-]/g, ""));
  if (replaced !== undefined) {
    return { says: `${JSON.stringify(key)} is ${became(replaced)}`, instead: replaced.instead };
  }
  const place = placeInHarbor(key, path, file);
  if (place === undefined) return undefined;
  return { says: `${JSON.stringify(key)} stands in the wrong place`, instead: `it is ${place}` };
}

function became({ gone }: Replaced): string {
  return gone === undefined ? "a key of Harbor's own harbor.yml" : `no key any more: ${gone}`;
}

/** A key of the block harbor, or of its settings, that was written above it or beside it. */
function placeInHarbor(key: string, path: FieldPath, file: JsonSchema): string | undefined {
  const above = path.join(".");
  if (!["", "registry", "harbor"].includes(above)) return undefined;
  const harbor = ownProperty(file, "harbor");
  if (above !== "harbor" && ownProperty(harbor, key)) return `harbor.${key}`;
  return ownProperty(ownProperty(harbor, "settings"), key) === undefined ? undefined : `harbor.settings.${key}`;
}
