import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { during, type OnProgress } from "../cluster/progress.js";
import type { Host } from "../hosts/host.js";
import { secretName } from "../secrets/names.js";
import type { SecretStore } from "../secrets/store.js";
import type { SiteOutputs } from "../spec/cloud/outputs.js";
import { MANAGED_DATABASE, managedServices } from "../spec/cloud/services.js";
import type { CloudSite } from "../spec/cloud/sites.js";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import { AlibabaRequests } from "./alibaba-requests.js";
import { giveOwner, giveTairPassword } from "./alibaba-services.js";
import { AmazonRequests } from "./amazon-requests.js";
import { databaseAdministrator, giveCachePassword, isCacheUserOn } from "./amazon-services.js";
import { CloudRefusal, CloudSilent } from "./cloud-api.js";
import { ensureOwner } from "./database-owner.js";
import { operatorKeys } from "./doctor-cloud.js";
import { cloudSite, type Workspace } from "./workspace.js";

type Told<Service extends "database" | "cache"> = NonNullable<SiteOutputs[Service]>;

type Password = Parameters<(typeof secretName)["harbor"]["sent"]>[0];

/** How one cloud learns the passwords of its services. */
interface PasswordGiver {
  database(told: Told<"database">, password: Secret, host: Host): Promise<void>;
  redis(told: Told<"cache">, password: Secret): Promise<void>;
  /** Whether Redis still has what it was given: a user that was made anew has not. */
  hasRedis(told: Told<"cache">): Promise<boolean>;
}

/**
 * Gives the cloud's data base and Redis the passwords that Harbor comes with, before a node needs them. Terraform does
 * not know them, for its state would keep them. Which service has which password is remembered in the secret store, so
 * that nothing is asked twice; killed in between, the same is done again.
 * @throws Problem `services/no-credentials`, `services/not-told`, `services/refused`, `services/owner-not-made`
 */
export function ensureServices(
  workspace: Workspace,
  store: SecretStore,
  { onProgress }: { readonly onProgress: OnProgress },
): (hosts: readonly Host[]) => Promise<void> {
  return async ([host]) => {
    const site = cloudSite(workspace);
    const wanted = managedServices(workspace.environment);
    if (site === undefined || host === undefined || Object.keys(wanted).length === 0) return;
    const told = workspace.outputs?.[site.name];
    const giver = await passwordGiver(site, workspace);
    const give = (step: "database" | "redis", work: () => Promise<boolean>) =>
      during(
        onProgress,
        { step },
        () => work().catch((error: unknown) => Promise.reject(inUsersWords(error, step))),
        (isNew) => (isNew ? "has Harbor's password" : undefined),
      );

    if (wanted.database !== undefined) {
      const database = toldOf(told?.database, "data base", site);
      const { databasePassword: name } = secretName.harbor;
      await give("database", () =>
        once(store, name, database.secret ?? database.id, async (password) => giver.database(database, password, host)),
      );
    }
    if (wanted.redis !== undefined) {
      const cache = toldOf(told?.cache, "Redis", site);
      const { redisPassword: name } = secretName.harbor;
      await give("redis", async () => {
        const isGone = !(await giver.hasRedis(cache));
        return once(store, name, cache.id, async (password) => giver.redis(cache, password), isGone);
      });
    }
  };
}

/** Does something with a password unless it was done for this service; gives whether it was done now. */
async function once(
  store: SecretStore,
  name: Password,
  service: string,
  work: (password: Secret) => Promise<void>,
  again = false,
): Promise<boolean> {
  const password = store.get(name);
  if (password === undefined) throw new RangeError(`${name} is made before a host is asked`);
  const mark = createHash("sha256").update(`${service}\n${password.reveal()}`).digest("hex");
  if (!again && store.get(secretName.harbor.sent(name))?.reveal() === mark) return false;
  await work(password);
  store.set(secretName.harbor.sent(name), new Secret(mark));
  await store.save();
  return true;
}

async function passwordGiver(site: CloudSite, workspace: Workspace): Promise<PasswordGiver> {
  const keys = await operatorKeys(site);
  if (keys === undefined) {
    throw new Problem({
      code: "services/no-credentials",
      says: `there are no credentials of the cloud of ${site.name}, to give its data base and Redis their passwords`,
      instead: `give those that Terraform takes; harborwright doctor ${workspace.environment.environment} shows whether they are found`,
    });
  }
  if (site.provider === "alicloud") {
    const requests = new AlibabaRequests(site, keys);
    const { name: database, user } = MANAGED_DATABASE;
    return {
      database: ({ id }, password) => giveOwner(requests, id, { user, password, database }),
      redis: ({ id }, password) => giveTairPassword(requests, id, password),
      hasRedis: async () => true,
    };
  }
  const requests = new AmazonRequests(site, keys);
  return {
    database: async ({ address, port, secret }, password, host) => {
      const administrator = await databaseAdministrator(requests, secret ?? "");
      const { name, user: owner } = MANAGED_DATABASE;
      const install = workspace.environment.hosts.installRuntime;
      const trust = await authorityOf(workspace);
      await ensureOwner(host, { host: address, port, name, owner, password, administrator, install, ...trust });
    },
    redis: ({ userId }, password) => giveCachePassword(requests, userId ?? "", password),
    hasRedis: ({ userId }) => isCacheUserOn(requests, userId ?? ""),
  };
}

/** The CA that the file names for the data base; `prepare` has read it already and found nothing wrong. */
async function authorityOf({ environment, folder }: Workspace): Promise<{ readonly authority?: string }> {
  const { database } = managedServices(environment);
  return database?.ca === undefined ? {} : { authority: await readFile(resolve(folder, database.ca), "utf8") };
}

function toldOf<Service>(told: Service | null | undefined, what: string, { name }: CloudSite): Service {
  if (told !== null && told !== undefined) return told;
  throw new Problem({
    code: "services/not-told",
    says: `the stack of ${name} does not tell where its ${what} is`,
    instead: "deploy the stack of this version first: harborwright up does both",
  });
}

function inUsersWords(error: unknown, step: string): unknown {
  if (error instanceof CloudRefusal) {
    return new Problem({
      code: "services/refused",
      says: `the cloud did not give the ${step} its password: ${error.code}, ${error.message}`,
      instead:
        "let the operator's account do so (README, Harbor on a cloud, names the rights); then give the same command again",
    });
  }
  if (error instanceof CloudSilent) {
    return new Problem({
      code: "services/cloud-silent",
      says: error.message,
      instead: "the way from here to the cloud must be open; then give the same command again",
    });
  }
  return error;
}
