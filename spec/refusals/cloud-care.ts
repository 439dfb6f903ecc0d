import { DEFAULT_CERTIFICATE_DAYS } from "../cloud/care.js";
import { milliseconds } from "../duration.js";
import { refusalOfEach } from "../refusal.js";
import { cloudSites } from "./views.js";

const budgetOnAlicloud = refusalOfEach(cloudSites, "budget/none-on-alicloud", {
  when: ({ site }) => site.provider === "alicloud" && site.budget !== undefined,
  field: "sites[].budget",
  says: "a budget on Alibaba Cloud",
  because: "Terraform cannot make one there, and nobody would be told",
  instead: "no budget here; make one by hand in the console, under Expenses and Costs",
  source: "provider aliyun/alicloud 1.285.0: no resource for budgets (BssOpenApi has data sources only)",
});

const certificateDaysOnAlicloud = refusalOfEach(cloudSites, "alarms/certificate-days-on-alicloud", {
  when: ({ site }) => site.provider === "alicloud" && site.alarms.certificateDays !== DEFAULT_CERTIFICATE_DAYS,
  field: "sites[].alarms.certificateDays",
  says: ({ site }) => `${site.alarms.certificateDays} days on Alibaba Cloud`,
  because: "its monitor has no measure for certificates; the certificate service reminds the account by itself",
  instead: "leave it out, and name who is reminded in the Message Center of the account",
  source: "CloudMonitor: list of metrics; SSL Certificates Service: message reminders",
});

const closedToTheCdn = refusalOfEach(cloudSites, "cdn/clients-listed", {
  when: ({ site }) => site.cdn !== undefined && !site.network.clients.includes("0.0.0.0/0"),
  field: "sites[].network.clients",
  says: ({ site }) => `${site.network.clients.join(", ")} alone, and a CDN`,
  because: "the CDN asks the registry from addresses of its own, which are many and change, and would be turned away",
  instead: "clients: [0.0.0.0/0], or no cdn",
  source: "CloudFront and Alibaba Cloud CDN: requests to the origin come from the CDN's own servers",
});

/** Whether a CDN fetches over TLS from an origin's port. */
function cdnFetchesFrom(port: number, provider: "alicloud" | "aws"): boolean {
  return port === 443 || (provider === "aws" && port >= 1024);
}

const cdnPort = refusalOfEach(cloudSites, "cdn/port", {
  when: ({ site, registry }) => site.cdn !== undefined && !cdnFetchesFrom(registry.ports.https, site.provider),
  field: "registry.ports.https",
  says: ({ registry }) => `a CDN before port ${registry.ports.https}`,
  because: "the CDN opens no connection with TLS to such a port",
  instead: ({ site }) => `443${site.provider === "aws" ? ", or 1024 and above" : ""}; or no cdn`,
  source:
    "CloudFront, HTTPSPort of a custom origin: 80, 443, 1024 to 65535; Alibaba Cloud CDN, sources: port 80 or 443",
});

const infrequentTooSoon = refusalOfEach(cloudSites, "bucket/infrequent-too-soon", {
  when: ({ site: { bucket } }) =>
    bucket.infrequentAfter !== undefined && milliseconds(bucket.infrequentAfter) < milliseconds("30d"),
  field: "sites[].bucket.infrequentAfter",
  says: ({ site }) => `layers that move after ${site.bucket.infrequentAfter}`,
  because: "no class of infrequent access takes a younger object, and the cloud refuses the whole set of rules",
  instead: "30d or more",
  source: "Amazon S3: minimum of 30 days before a transition to STANDARD_IA; OSS bills IA for 30 days at the least",
});

/** Refusals that concern what watches over a site on a cloud, and what stands before it. */
export const cloudCareRefusals = [
  budgetOnAlicloud,
  certificateDaysOnAlicloud,
  closedToTheCdn,
  cdnPort,
  infrequentTooSoon,
];
