import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { HarborFolders } from "../../operations/harbor-shared-script.js";
import { secretName } from "../../secrets/names.js";
import { Secret } from "../../spec/secret.js";

const names = secretName.harbor;

/** What the store of an environment has of Harbor's seeds. */
export const STORED: Readonly<Record<string, string>> = {
  [names.secretKey]: "secretkey-123456",
  [names.tokenKey]: "-----BEGIN RSA PRIVATE KEY-----\ntoken\n-----END RSA PRIVATE KEY-----\n",
  [names.tokenCertificate]: "-----BEGIN CERTIFICATE-----\ntoken\n-----END CERTIFICATE-----\n",
  [names.coreSecret]: "coresecret-12345",
  [names.jobserviceSecret]: "jobsecret-123456",
  [names.csrfKey]: "csrfkey-csrfkey-csrfkey-csrfkey-",
  [names.scannerRobotPrefix]: "scanner1",
  [names.registryPassword]: "registrypassword-registrypassword",
  [names.registryHtpasswd]: "harbor_registry_user:$2y$05$abcdefghijk",
  [names.registryHttpSecret]: "httpsecret-httpsecret-httpsecret",
};

export const storedSeeds = {
  get: (name: string): Secret | undefined => (STORED[name] === undefined ? undefined : new Secret(STORED[name])),
};

const REDIS = (database: number) =>
  `redis+sentinel://:redispassword@10.0.0.1:26379,10.0.0.2:26379/harbor/${database}?idle_timeout_seconds=30`;

/** What Harbor's `prepare` leaves on a node, in the places and forms in which it does; only what nodes share. */
function files(): Record<string, string> {
  const shared = `CORE_SECRET=${STORED[names.coreSecret]}\nJOBSERVICE_SECRET=${STORED[names.jobserviceSecret]}\n`;
  const registry = `REGISTRY_CREDENTIAL_USERNAME=harbor_registry_user\nREGISTRY_CREDENTIAL_PASSWORD=${STORED[names.registryPassword]}\n`;
  const cache = `CACHE_ENABLED=true\n_REDIS_URL_CACHE_LAYER=${REDIS(7)}\n`;
  return {
    "config/core/env": `CONFIG_PATH=/etc/core/app.conf\n_REDIS_URL_CORE=${REDIS(0)}\n_REDIS_URL_HARBOR=${REDIS(6)}\n_REDIS_URL_REG=${REDIS(1)}\nEXT_ENDPOINT=https://harbor.example.com\n${shared}${registry}WITH_TRIVY=True\nCSRF_KEY=${STORED[names.csrfKey]}\nROBOT_SCANNER_NAME_PREFIX=${STORED[names.scannerRobotPrefix]}\n${cache}CACHE_EXPIRE_HOURS=24\nQUOTA_UPDATE_PROVIDER=db\n`,
    "config/jobservice/env": `${shared}${registry}_REDIS_URL_CORE=${REDIS(0)}\n${cache}`,
    "config/registryctl/env": shared,
    "config/jobservice/config.yml": `---\nworker_pool:\n  backend: "redis"\n  redis_pool:\n    redis_url: ${REDIS(2)}\njob_loggers:\n  - name: "STD_OUTPUT"\n    level: "INFO"\n  - name: "DB"\n    level: "INFO"\nloggers:\n  - name: "STD_OUTPUT"\n`,
    "config/registry/config.yml": `version: 0.1\nredis:\n  addr: 10.0.0.1:26379\n  password: redispassword\n  db: 1\nhttp:\n  addr: :5000\n  secret: ${STORED[names.registryHttpSecret]}\n  debug:\n    addr: localhost:5001\n`,
    "config/registry/passwd": STORED[names.registryHtpasswd] ?? "",
    "config/trivy-adapter/env": `SCANNER_STORE_REDIS_URL=${REDIS(5)}\nSCANNER_JOB_QUEUE_REDIS_URL=${REDIS(5)}\n`,
    "secret/keys/secretkey": STORED[names.secretKey] ?? "",
    "secret/core/private_key.pem": STORED[names.tokenKey] ?? "",
    "secret/registry/root.crt": STORED[names.tokenCertificate] ?? "",
  };
}

/** A node's folders, as they are in use. */
export async function prepareNode(folder: string): Promise<HarborFolders> {
  for (const [path, text] of Object.entries(files())) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { config: join(folder, "config"), secrets: join(folder, "secret") };
}

/** Changes a text in a file, as somebody by hand, or `prepare` that drew anew. */
export async function edit(folder: string, file: string, from: string | RegExp, to: string): Promise<void> {
  const path = join(folder, file);
  const text = await readFile(path, "utf8");
  const changed = text.replace(from, to);
  if (changed === text) throw new RangeError(`${file} has no ${from}`);
  await writeFile(path, changed);
}
