import type { TerraformStack } from "cdktf";
import { Alarms } from "../constructs/aws/alarms.js";
import { AuditTrail } from "../constructs/aws/audit-trail.js";
import { Budget } from "../constructs/aws/budget.js";
import type { Certificate } from "../constructs/aws/certificate.js";
import { EncryptionKey } from "../constructs/aws/encryption-key.js";
import type { Hosts } from "../constructs/aws/hosts.js";
import type { LoadBalancer } from "../constructs/aws/load-balancer.js";
import { Logs } from "../constructs/aws/logs.js";
import type { Network } from "../constructs/aws/network.js";
import type { ObjectStore } from "../constructs/aws/object-store.js";
import { wholeDays } from "../constructs/logs.js";
import type { AwsSite } from "../spec/cloud/sites.js";
import type { Protection } from "./context.js";

/** What of a site is watched over. */
export interface Care {
  /** Begins the names of everything. */
  readonly name: string;
  readonly site: AwsSite;
  readonly protection: Protection;
  readonly network: Network;
  readonly balancer: LoadBalancer;
  readonly hosts: Hosts;
  readonly store: ObjectStore | undefined;
  readonly certificate: Certificate | undefined;
}

/** Adds what watches over a site on AWS: its logs, the audit trail, alarms and the budget. */
export function careFor(stack: TerraformStack, care: Care): void {
  const key = recordsKey(stack, care);
  createLogs(stack, care, key);
  createAlarms(stack, care, key);
  createBudget(stack, care);
}

/** The key of what is written down about a site. Services of AWS use it by themselves, so it opens no image. */
function recordsKey(stack: TerraformStack, { name, protection }: Care): EncryptionKey {
  return new EncryptionKey(stack, "records-key", {
    name: `${name}-records`,
    description: `Logs, audit trail and alarms of ${name}`,
    protect: protection.site,
  });
}

function createLogs(stack: TerraformStack, care: Care, key: EncryptionKey): void {
  const { name, site, protection, network, store } = care;
  const keepDays = wholeDays(site.logs.keep);
  const logs = new Logs(stack, "logs", { name, keepDays, key });
  if (site.network.flowLogs) logs.logFlows(network);
  if (!site.logs.audit) return;
  const accessLog = store?.resources.accessLog;
  new AuditTrail(stack, "audit", {
    name,
    logs,
    key,
    keepDays,
    protect: protection.site,
    ...(accessLog === undefined ? {} : { accessLog }),
  });
}

function createAlarms(stack: TerraformStack, care: Care, key: EncryptionKey): void {
  const { name, site, balancer, hosts, store, certificate } = care;
  const { cpu, storage, mail, certificateDays } = site.alarms;
  new Alarms(stack, "alarms", {
    name,
    balancer,
    hosts: hosts.hosts,
    cpu,
    storage,
    mail,
    key,
    ...(store === undefined ? {} : { store, plannedSize: site.bucket.plannedSize }),
    ...(certificate === undefined ? {} : { certificate: certificate.id, certificateDays }),
  });
}

function createBudget(stack: TerraformStack, { name, site: { budget, alarms } }: Care): void {
  if (budget !== undefined) new Budget(stack, "budget", { name, ...budget, mail: alarms.mail });
}
