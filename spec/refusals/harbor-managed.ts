import { type DataService, isSharded, managedServices, SERVICE_SIZES, serviceSize } from "../cloud/services.js";
import { type CloudSite, isCloud } from "../cloud/sites.js";
import type { Environment } from "../environment.js";
import type { Refusal } from "../refusal.js";
import { refusalOfEach } from "../refusal.js";
import { bytes } from "../size.js";
import { harbors } from "./harbor-views.js";

const NAMES: Readonly<Record<DataService, string>> = { database: "PostgreSQL", redis: "Redis" };
const GIBIBYTE = 1024 ** 3;
/** Both clouds have a disk of so much. */
const SMALLEST_DISK_GIBIBYTES = 20;
const ALIBABA_CA = "https://apsaradb-public.oss-ap-southeast-1.aliyuncs.com/ApsaraDB-CA-Chain.zip";

/** Each site of an environment that leaves a service to its cloud. */
const everySite = (service: DataService) => (environment: Environment) => {
  const wanted = managedServices(environment)[service];
  if (wanted === undefined) return [];
  return environment.sites.map((site) => ({ at: [], site, wanted }));
};

/** Those of them that are in a cloud. */
const everyCloud = (service: DataService) => (environment: Environment) =>
  everySite(service)(environment).flatMap(({ site, ...rest }) => (isCloud(site) ? [{ ...rest, site }] : []));

const offCloud = (service: DataService): Refusal =>
  refusalOfEach(everySite(service), `harbor/managed-${service}-off-cloud`, {
    when: ({ site }) => !isCloud(site),
    field: `harbor.${service}.kind`,
    says: ({ site }) => `managed with provider ${site.provider} of ${site.name}`,
    because: `there is no cloud that could make a ${NAMES[service]}`,
    instead: "own, for one on three of the nodes; or given, with the address of one that exists",
    source: "by design: alicloud and aws have one",
  });

const wrongSize = (service: DataService): Refusal =>
  refusalOfEach(everyCloud(service), `harbor/managed-${service}-size`, {
    when: ({ site, wanted }) => !sizesOf(service, site).pattern.test(serviceSize(service, site, wanted)),
    field: `harbor.${service}.size`,
    says: ({ wanted }) => `${wanted.size}`,
    because: `the cloud of the site has no class of ${NAMES[service]} with such a name`,
    instead: ({ site }) => `one like ${sizesOf(service, site).usual}, the default`,
    source: "names of classes in the documents of ApsaraDB RDS, Tair, Amazon RDS and ElastiCache",
  });

function sizesOf(service: DataService, { provider }: CloudSite) {
  return SERVICE_SIZES[service][provider];
}

const oneZone = (service: DataService): Refusal =>
  refusalOfEach(everyCloud(service), `harbor/managed-${service}-one-zone`, {
    when: ({ site }) => new Set(site.zones).size < 2,
    field: `harbor.${service}.kind`,
    says: ({ site }) => `managed with ${site.zones.join(", ")} alone`,
    because: `a ${NAMES[service]} without a standby in another zone ends with its zone`,
    instead: "two zones or more in sites[].zones; or own, on the nodes",
    source: "by design: primary and standby are in the first two zones",
  });

const sharded = refusalOfEach(everyCloud("redis"), "harbor/managed-redis-sharded", {
  when: ({ wanted }) => wanted.size !== undefined && isSharded(wanted.size),
  field: "harbor.redis.size",
  says: ({ wanted }) => `${wanted.size}`,
  because: "it spreads its data over shards, as a Redis Cluster does, and Harbor uses several data bases of one Redis",
  instead: "a class with a primary and a standby: redis.shard.small.ce",
  source: "goharbor/harbor#8620",
});

const withoutCa = refusalOfEach(everyCloud("redis"), "harbor/managed-redis-without-ca", {
  when: ({ site, wanted }) => site.provider === "alicloud" && wanted.ca === undefined,
  field: "harbor.redis.ca",
  says: "managed on Alibaba Cloud without a CA",
  because: "Tair's certificate is of Alibaba Cloud's own CA, which Harbor does not know, so no connection comes about",
  instead: `ca: with the path of the PEM file in ${ALIBABA_CA}`,
  source: "Tair documentation, TLS; Harbor's Redis client always checks the certificate",
});

const diskSize = refusalOfEach(managedDatabases, "harbor/managed-database-storage", {
  when: ({ storage }) => gibibytes(storage) < SMALLEST_DISK_GIBIBYTES || !Number.isInteger(gibibytes(storage)),
  field: "harbor.database.storage",
  says: ({ storage }) => storage,
  because: "no cloud has a disk of that size for a PostgreSQL",
  instead: `whole GiB, ${SMALLEST_DISK_GIBIBYTES}GiB at the least`,
  source: "Amazon RDS and ApsaraDB RDS: storage of PostgreSQL",
});

const diskLimit = refusalOfEach(managedDatabases, "harbor/managed-database-storage-limit", {
  when: ({ storage, limit }) =>
    limit !== undefined && (gibibytes(limit) < gibibytes(storage) || !Number.isInteger(gibibytes(limit))),
  field: "harbor.database.storageLimit",
  says: ({ storage, limit }) => `${limit} with storage ${storage}`,
  because: "a disk grows in whole GiB and never shrinks",
  instead: ({ storage }) => `${storage}, for a disk that does not grow, or more`,
  source: "Amazon RDS and ApsaraDB RDS: storage that grows by itself",
});

function managedDatabases(environment: Environment) {
  return harbors(environment).flatMap(({ harbor: { database } }) =>
    database.kind === "managed" ? [{ at: [], storage: database.storage, limit: database.storageLimit }] : [],
  );
}

function gibibytes(size: string): number {
  return bytes(size) / GIBIBYTE;
}

/** Each site on AWS of an environment whose images are in the site's own bucket. */
function bucketsOfRoles(environment: Environment) {
  return harbors(environment).flatMap(({ storage }) =>
    storage.kind === "managed"
      ? environment.sites.filter(({ provider }) => provider === "aws").map((site) => ({ at: [], site }))
      : [],
  );
}

const bucketOfRole = refusalOfEach(bucketsOfRoles, "harbor/managed-bucket-on-aws", {
  when: () => true,
  field: "registry.storage.kind",
  says: ({ site }) => `managed with ${site.name} on AWS and engine: harbor`,
  because:
    "the role of the machines opens that bucket, and the registry inside of Harbor cannot ask a machine for rights that requires IMDSv2",
  instead: "kind: s3 with a bucket of yours and the keys of a user that may use it only",
  source: "goharbor/harbor #23139, #22690, #12888: aws-sdk-go 1.15.11 has no token provider",
});

/** Refusals that concern what the site's cloud makes for Harbor. */
export const harborManagedRefusals: readonly Refusal[] = [
  offCloud("database"),
  offCloud("redis"),
  wrongSize("database"),
  wrongSize("redis"),
  oneZone("database"),
  oneZone("redis"),
  sharded,
  withoutCa,
  diskSize,
  diskLimit,
  bucketOfRole,
];
