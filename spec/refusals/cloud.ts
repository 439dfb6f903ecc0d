import { placeNodes, planSubnets } from "../cloud/network-plan.js";
import { isCloud } from "../cloud/sites.js";
import { wholeSeconds } from "../duration.js";
import type { Environment } from "../environment.js";
import { refusal, refusalOfEach, type View } from "../refusal.js";
import { cloudSites, everySite } from "./views.js";

/** Sizes with less than 4 GiB of memory; the containers of a node may use 1.5 GiB, its system and engine the rest. */
const TOO_SMALL = /\.(nano|micro|small|tiny)$/;

/** Arguments that are secrets, or that the environment file says itself. */
const ARGUMENTS_OF_OURS = /^(access_key|secret_key|token|security_token|sts_|password|region$|default_tags$)/;

/** Each node whose size is written down. */
function everySize(environment: Environment): (View & { readonly node: string; readonly known: readonly string[] })[] {
  return cloudSites(environment).flatMap(({ at: [index = 0], site }) => {
    const known = placeNodes(planSubnets(site.network.cidr, site.zones), site.nodes.count).map(({ name }) => name);
    return Object.keys(site.nodes.sizes).map((node) => ({ at: [index, node], node, known }));
  });
}

/** Each argument for a provider. */
function everyArgument(environment: Environment) {
  return cloudSites(environment).flatMap(({ at: [index = 0], site }) =>
    Object.keys(site.providerArguments).map((argument) => ({ at: [index, argument], argument })),
  );
}

const sizeTooSmall = refusalOfEach(cloudSites, "nodes/size-too-small", {
  when: ({ site }) => [site.nodes.size, ...Object.values(site.nodes.sizes)].some((size) => TOO_SMALL.test(size)),
  field: "sites[].nodes.size",
  says: ({ site }) =>
    [site.nodes.size, ...Object.values(site.nodes.sizes)].filter((size) => TOO_SMALL.test(size)).join(", "),
  because: "a node needs 4 GiB of memory: registry, front, Docker's engine and the system",
  instead: ({ site }) => (site.provider === "aws" ? "c7i.large or larger" : "ecs.c7.large or larger"),
  source: "limits of the containers in spec/front.ts, and memory of a node measured under load",
});

const sizeOfNobody = refusalOfEach(everySize, "nodes/size-of-unknown-node", {
  when: ({ node, known }) => !known.includes(node),
  field: "sites[].nodes.sizes.*",
  says: ({ node }) => `there is no node ${node}`,
  because: "its size would be nobody's",
  instead: ({ known }) => `one of ${known.join(", ")}`,
  source: "by design",
});

const noDefaultImage = refusalOfEach(cloudSites, "nodes/no-image-in-region", {
  when: ({ site }) =>
    site.provider === "aws" && site.nodes.image === undefined && /^(cn|us-gov|us-iso|eu-isoe)/.test(site.region),
  field: "sites[].nodes.image",
  says: ({ site }) => `no image named for ${site.region}`,
  because: "Debian publishes its images under its own account in the commercial regions only",
  instead: "image: the id of an image of Debian 12 that you trust, and user: who logs in on it",
  source: "wiki.debian.org/Cloud/AmazonEC2Image: the account 136693071363 is one of the partition aws",
});

const secretArgument = refusalOfEach(everyArgument, "provider/argument-not-allowed", {
  when: ({ argument }) => ARGUMENTS_OF_OURS.test(argument),
  field: "sites[].providerArguments.*",
  says: ({ argument }) => argument,
  because: "what is given here stands in Terraform's JSON in the clear, and region and tags have fields of their own",
  instead: "credentials in the environment or a profile, as Terraform's provider documents; region; tags",
  source: "by design: no secret in Terraform's JSON",
});

const keysBesideRole = refusal("storage/keys-beside-a-role", {
  // The registry inside of Harbor cannot use a role.
  when: ({ registry, storage, sites }) =>
    registry.engine !== "harbor" &&
    storage.kind === "s3" &&
    storage.endpoint === undefined &&
    storage.credentials === "keys" &&
    sites.some((site) => site.provider === "aws"),
  field: "registry.storage.credentials",
  says: "keys on machines that have a role",
  because:
    "the machines of the site have a role with just the rights for the bucket; a key is one more secret to lose and to change",
  instead: "credentials: instance-role; or kind: managed for a bucket that the site makes",
  source: "AWS IAM best practices: roles for applications on EC2",
});

const managedOn28 = refusal("storage/managed-cloud-on-distribution-2", {
  when: ({ registry, storage, sites }) =>
    registry.version === "2.8" && storage.kind === "managed" && sites.some(isCloud),
  field: "registry.version",
  says: "2.8 with the bucket of a cloud's site",
  because:
    "2.8 knows no token of the metadata service, version 2, and puts the bucket into the path, which OSS refuses",
  instead: 'version: "3.1"',
  source: "distribution 2.8.3 vendors an SDK of 2018: no token provider, path style with every endpoint",
});

const redirectToInternal = refusal("storage/redirect-to-internal-bucket", {
  when: ({ registry, storage, sites }) =>
    registry.redirect && storage.kind === "managed" && sites.some((site) => site.provider === "alicloud"),
  field: "registry.redirect",
  says: "redirect: true with the bucket of a site on Alibaba Cloud",
  because: "nodes use the internal endpoint, and a client outside the region cannot follow a link to it",
  instead: "redirect: false",
  source: "measured: the link names the endpoint that the registry itself uses",
});

const cloudCertificateElsewhere = refusalOfEach(everySite, "certificate/of-another-cloud", {
  when: ({ site }) =>
    (site.certificate.from === "acm" && site.provider !== "aws") ||
    (site.certificate.from === "alicloud" && site.provider !== "alicloud"),
  field: "sites[].certificate.from",
  says: ({ site }) => `${site.certificate.from} on provider ${site.provider}`,
  because: "such a certificate stays inside its cloud, whose balancer alone can show it",
  instead: "from: own-ca, or from: file",
  source: "ACM and Alibaba Cloud's certificate service give no private key out to others",
});

const cloudCertificateOnNodes = refusalOfEach(cloudSites, "certificate/needs-the-balancer", {
  when: ({ site }) => ["acm", "alicloud"].includes(site.certificate.from) && site.entry.tls === "nodes",
  field: "sites[].entry.tls",
  says: ({ site }) => `tls: nodes with a certificate from ${site.certificate.from}`,
  because: "its private key does not leave the cloud, so the nodes cannot show it",
  instead: "tls: balancer",
  source: "ACM: private keys of public certificates cannot be exported",
});

const balancerWithoutCertificate = refusalOfEach(cloudSites, "entry/balancer-without-certificate", {
  when: ({ site }) => !["acm", "alicloud"].includes(site.certificate.from) && site.entry.tls === "balancer",
  field: "sites[].certificate.from",
  says: ({ site }) => `tls: balancer with a certificate from ${site.certificate.from}`,
  because:
    "to give the balancer a certificate of yours Terraform would have to know its private key, and keeps it in its state",
  instead: "from: acm on AWS, from: alicloud with the id of an uploaded one; or tls: nodes",
  source: "neither provider has a write-only argument for a certificate's key",
});

const albWithoutTls = refusalOfEach(cloudSites, "entry/alb-ends-tls", {
  when: ({ site }) => site.entry.kind === "alb" && site.entry.tls === "nodes",
  field: "sites[].entry.tls",
  says: "kind: alb with tls: nodes",
  because: "an application balancer reads requests, so it must end TLS itself",
  instead: "tls: balancer with a certificate of the cloud, or kind: nlb",
  source: "ALB of both clouds: HTTPS listeners only",
});

const balancerInTheClear = refusalOfEach(cloudSites, "entry/balancer-speaks-in-the-clear", {
  when: ({ site }) => site.provider === "alicloud" && site.entry.kind !== "alb" && site.entry.tls === "balancer",
  field: "sites[].entry.tls",
  says: ({ site }) => `kind: ${site.entry.kind} with tls: balancer`,
  because: "where it ends TLS it speaks in the clear to the nodes, passwords and all",
  instead: "kind: alb, or tls: nodes",
  source:
    "Alibaba Cloud: behind HTTPS listeners of a CLB is HTTP, behind TCPSSL listeners of an NLB a server group of TCP",
});

const balancerInOneZone = refusalOfEach(cloudSites, "entry/balancer-in-one-zone", {
  when: ({ site }) =>
    site.zones.length === 1 &&
    (site.entry.kind === "alb" || (site.provider === "alicloud" && site.entry.kind === "nlb")),
  field: "sites[].zones",
  says: ({ site }) => `kind: ${site.entry.kind} in ${site.zones[0]} alone`,
  because: "the cloud makes such a balancer in two zones or more only",
  instead: ({ site }) => `another zone; or kind: ${site.provider === "aws" ? "nlb" : "clb"}, which needs one`,
  source: "Alibaba Cloud, ZoneMappings of NLB and ALB; AWS, subnets of an ALB",
});

/** Seconds that a connection through a balancer of Alibaba Cloud may be silent. */
const LONGEST_SILENCE = { nlb: 900, clb: 900, alb: 600 } as const;

const silenceBeyondBalancer = refusalOfEach(cloudSites, "entry/upload-timeout-beyond-the-balancer", {
  when: ({ site, environment }) =>
    site.provider === "alicloud" && wholeSeconds(environment.front.uploadTimeout) > LONGEST_SILENCE[site.entry.kind],
  field: "front.uploadTimeout",
  says: ({ site, environment }) => `${environment.front.uploadTimeout} behind kind: ${site.entry.kind}`,
  because: "the balancer breaks a silent connection off before the front does, and the push fails without a word",
  instead: ({ site }) => `${LONGEST_SILENCE[site.entry.kind]}s or less`,
  source: "Alibaba Cloud, listeners: 900 s for NLB and CLB, 600 s for ALB",
});

const clientCertificatesBehindTls = refusalOfEach(cloudSites, "entry/client-certificates-end-at-the-balancer", {
  when: ({ site, registry }) => registry.clientCertificates !== undefined && site.entry.tls === "balancer",
  field: "sites[].entry.tls",
  says: "tls: balancer with client certificates",
  because: "the balancer ends TLS, and the nodes never see a client's certificate: every client would be refused",
  instead: "tls: nodes",
  source: "TLS: client certificates are shown to whoever ends the connection",
});

const nameOutsideZone = refusalOfEach(cloudSites, "dns/name-outside-zone", {
  when: ({ site, registry }) =>
    site.dns !== undefined && registry.hostname !== site.dns.zone && !registry.hostname.endsWith(`.${site.dns.zone}`),
  field: "sites[].dns.zone",
  says: ({ site, registry }) => `${registry.hostname} is not in ${site.dns?.zone}`,
  because: "a record for it cannot be made in that zone",
  instead: ({ registry }) => registry.hostname.split(".").slice(1).join(".") || registry.hostname,
  source: "RFC 1034: a zone holds the names below its own",
});

const acmWithoutDns = refusalOfEach(cloudSites, "certificate/acm-without-dns", {
  when: ({ site }) =>
    site.certificate.from === "acm" &&
    site.certificate.arn === undefined &&
    (site.dns === undefined || site.dns.private),
  field: "sites[].certificate.arn",
  says: "a certificate of ACM without a public zone",
  because: "ACM asks for a record in the public zone of the name before it signs",
  instead: "dns: { zone: … }, or arn: of a certificate you have",
  source: "ACM: DNS validation",
});

const readableThroughCdn = refusalOfEach(cloudSites, "cdn/private-entry", {
  when: ({ site }) => site.cdn !== undefined && !site.entry.public,
  field: "sites[].cdn",
  says: "a CDN before a balancer without a public address",
  because: "the CDN reaches its origin over the internet",
  instead: "entry: { public: true }, or no cdn",
  source: "CloudFront and Alibaba Cloud CDN: origins are public names",
});

/** Refusals that concern sites on a cloud, besides their networks. */
export const cloudRefusals = [
  sizeTooSmall,
  sizeOfNobody,
  noDefaultImage,
  secretArgument,
  keysBesideRole,
  managedOn28,
  redirectToInternal,
  cloudCertificateElsewhere,
  cloudCertificateOnNodes,
  balancerWithoutCertificate,
  albWithoutTls,
  balancerInTheClear,
  balancerInOneZone,
  silenceBeyondBalancer,
  clientCertificatesBehindTls,
  nameOutsideZone,
  acmWithoutDns,
  readableThroughCdn,
];
