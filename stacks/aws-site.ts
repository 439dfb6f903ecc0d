import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Bastion } from "../constructs/aws/bastion.js";
import { Cdn } from "../constructs/aws/cdn.js";
import { Certificate } from "../constructs/aws/certificate.js";
import { DnsRecord } from "../constructs/aws/dns-record.js";
import { EncryptionKey, existingKey } from "../constructs/aws/encryption-key.js";
import { Hosts } from "../constructs/aws/hosts.js";
import { Identity } from "../constructs/aws/identity.js";
import { architectureOf } from "../constructs/aws/instance-type.js";
import { LoadBalancer } from "../constructs/aws/load-balancer.js";
import { Network } from "../constructs/aws/network.js";
import { ObjectStore } from "../constructs/aws/object-store.js";
import { SecurityGroups } from "../constructs/aws/security-groups.js";
import { SMALLEST_BASTION } from "../constructs/bastion.js";
import type { SiteKey } from "../constructs/encryption-key.js";
import { diskGibibytes } from "../constructs/hosts.js";
import { wholeDays } from "../constructs/logs.js";
import { natOf } from "../constructs/network.js";
import { placeNodes, planSubnets } from "../spec/cloud/network-plan.js";
import { SITE_OUTPUT, type SiteOutputs } from "../spec/cloud/outputs.js";
import type { AwsSite } from "../spec/cloud/sites.js";
import { bucketName } from "../spec/cloud/storage.js";
import type { Environment } from "../spec/environment.js";
import { accessLogOf } from "./aws-balancer-log.js";
import { careFor } from "./aws-care.js";
import { useAwsProvider } from "./aws-provider.js";
import { addServices } from "./aws-services.js";
import { grantOtherBucket, otherBucket } from "./aws-storage.js";
import { useBackend } from "./backend.js";
import { bootstrapAfter } from "./bootstrap.js";
import { type Protection, protectionOf, type StackContext, stackName } from "./context.js";
import { balancerSettings, isForEverybody } from "./entry-settings.js";
import { portsBetweenNodes } from "./harbor-ports.js";
import { keepsData } from "./harbor-services.js";
import { outboundPorts } from "./outbound-ports.js";
import { literalSite } from "./site-text.js";

/**
 * A site on AWS: its network, machines, balancer and bucket, and what watches over them.
 *
 * Constructs are named here once and for all: a name is part of the address under which Terraform knows a resource, and
 * another name would have it deleted and made anew.
 */
export class AwsSiteStack extends TerraformStack {
  private readonly site: AwsSite;
  private readonly name: string;
  private readonly managed: boolean;
  private readonly protection: Protection;

  constructor(
    scope: Construct,
    private readonly environment: Environment,
    site: AwsSite,
    private readonly context: StackContext,
  ) {
    super(scope, stackName(environment.environment, site.name));
    this.site = literalSite(site);
    this.name = stackName(environment.environment, site.name);
    this.managed = environment.registry.storage.kind === "managed";
    this.protection = protectionOf(site, context);
    useAwsProvider(this, environment.environment, this.site);
    useBackend(this, environment, site, context);

    const network = this.createNetwork();
    const groups = this.createGroups(network);
    const key = this.createKey();
    const store = this.createStore(key);
    const identity = this.createIdentity(store);
    const hosts = this.createHosts(network, groups, identity, key);
    const bastion = this.createBastion(network, groups, key);
    const certificate = this.createCertificate();
    const balancer = this.createBalancer(network, groups, hosts, certificate, store);
    this.createDns(network, balancer);
    const services = addServices(this, environment, { ...this.place, network, groups, key });
    const needed = [...this.node.children];

    this.createCdn();
    careFor(this, {
      ...this.place,
      network,
      balancer,
      hosts,
      store,
      certificate,
    });
    const outputs = { ...siteOutputs(hosts, balancer, bastion, store), ...services };
    new TerraformOutput(this, SITE_OUTPUT, { value: outputs });
    bootstrapAfter(this, context, { [site.name]: outputs }, needed);
  }

  private createNetwork(): Network {
    const { network, zones } = this.site;
    const bucket = this.managed ? this.bucket : otherBucket(this.environment.registry.storage);
    return new Network(this, "network", {
      name: this.name,
      cidr: network.cidr,
      zones,
      nat: natOf(this.site),
      ...(bucket === undefined ? {} : { buckets: [bucket] }),
    });
  }

  private createGroups(network: Network): SecurityGroups {
    const { ports, metrics } = this.environment.registry;
    return new SecurityGroups(this, "security-groups", {
      name: this.name,
      network,
      ports,
      operators: this.site.network.operators,
      clients: this.site.network.clients,
      access: this.site.access.from,
      metrics: metrics.enabled ? metrics.listen : "loopback",
      between: portsBetweenNodes(this.environment),
      outbound: outboundPorts(this.environment, this.site),
    });
  }

  /** The key of images and disks; no service may use it by itself. */
  private createKey(): SiteKey | "service" {
    const { key } = this.site.bucket;
    if (key === "service") return key;
    if (key !== "own") return existingKey(this, "key", key);
    return new EncryptionKey(this, "key", {
      name: `${this.name}-storage`,
      description: `Images and disks of ${this.name}`,
      protect: keepsData(this.environment) ? this.protection.data : this.protection.site,
    });
  }

  private createStore(key: SiteKey | "service"): ObjectStore | undefined {
    const { storage } = this.environment.registry;
    if (storage.kind !== "managed") return undefined;
    const { keepVersions, abandonUploadsAfter, infrequentAfter, accessLog } = this.site.bucket;
    return new ObjectStore(this, "store", {
      name: this.name,
      bucket: this.bucket,
      folder: storage.prefix,
      key,
      keepVersionsDays: wholeDays(keepVersions),
      abandonUploadsAfterDays: wholeDays(abandonUploadsAfter),
      ...(infrequentAfter === undefined ? {} : { infrequentAfterDays: wholeDays(infrequentAfter) }),
      accessLog,
      accessLogKeepDays: wholeDays(this.site.logs.keep),
      protect: this.protection.data,
    });
  }

  private createIdentity(store: ObjectStore | undefined): Identity {
    const { storage } = this.environment.registry;
    const identity = new Identity(this, "identity", {
      name: this.name,
      description: `Nodes of ${this.name}`,
      sessions: this.site.access.from === "session",
    });
    if (store !== undefined && storage.kind === "managed") store.grantRegistry(identity, storage);
    else grantOtherBucket(this, identity, storage);
    return identity;
  }

  private createHosts(network: Network, groups: SecurityGroups, identity: Identity, key: SiteKey | "service"): Hosts {
    const { nodes, zones, access } = this.site;
    return new Hosts(this, "hosts", {
      name: this.name,
      network,
      groups,
      identity,
      places: placeNodes(planSubnets(network.cidr, zones), nodes.count),
      size: nodes.size,
      sizes: nodes.sizes,
      ...(nodes.image === undefined ? {} : { image: nodes.image }),
      diskGibibytes: diskGibibytes(nodes.disk),
      ...diskKey(key),
      sshPublicKey: this.context.sshPublicKey,
      publicAddresses: access.from === "direct",
      sessions: access.from === "session",
      protect: this.protection.site,
    });
  }

  private createBastion(network: Network, groups: SecurityGroups, key: SiteKey | "service"): Bastion | undefined {
    const { access, zones, nodes } = this.site;
    const [zone] = zones;
    if (access.from !== "bastion" || zone === undefined) return undefined;
    return new Bastion(this, "bastion", {
      name: this.name,
      network,
      groups,
      zone,
      ...bastionMachine(access, nodes),
      ...diskKey(key),
      sshPublicKey: this.context.sshPublicKey,
    });
  }

  /** A certificate for the balancer; the nodes get theirs with the release. */
  private createCertificate(): Certificate | undefined {
    const { certificate, dns } = this.site;
    if (certificate.from !== "acm") return undefined;
    return new Certificate(this, "certificate", {
      name: this.name,
      hostname: this.environment.registry.hostname,
      ...(certificate.arn === undefined ? {} : { existing: certificate.arn }),
      ...(dns === undefined || dns.private ? {} : { zone: dns.zone }),
    });
  }

  private createBalancer(
    network: Network,
    groups: SecurityGroups,
    hosts: Hosts,
    certificate: Certificate | undefined,
    store: ObjectStore | undefined,
  ): LoadBalancer {
    const { entry, zones } = this.site;
    const balancer = new LoadBalancer(this, "entry", {
      name: this.name,
      network,
      groups,
      zones,
      ...balancerSettings(this.environment, entry),
      ...(certificate === undefined ? {} : { certificate: certificate.id }),
      ...accessLogOf(this, entry, store),
      protect: this.protection.site,
    });
    for (const host of hosts.hosts) balancer.addHost(host);
    return balancer;
  }

  private createDns(network: Network, balancer: LoadBalancer): void {
    const { dns } = this.site;
    if (dns === undefined) return;
    const { hostname } = this.environment.registry;
    new DnsRecord(this, "dns", { name: this.name, hostname, ...dns, balancer, network });
  }

  private createCdn(): void {
    const { cdn, dns } = this.site;
    if (cdn === undefined) return;
    const { hostname, ports } = this.environment.registry;
    new Cdn(this, "cdn", {
      name: this.name,
      hostname: cdn.hostname,
      certificate: cdn.certificate,
      origin: hostname,
      port: ports.https,
      keepsLayers: isForEverybody(this.environment),
      ...(dns !== undefined && !dns.private && isIn(cdn.hostname, dns.zone) ? { zone: dns.zone } : {}),
    });
  }

  private get place() {
    const { name, site, protection } = this;
    return { name, site, protection };
  }

  /** Name of the bucket for images. */
  private get bucket(): string {
    const { environment, registry } = this.environment;
    return bucketName(this.site, { environment, hostname: registry.hostname });
  }
}

function siteOutputs(
  { hosts }: Hosts,
  balancer: LoadBalancer,
  bastion: Bastion | undefined,
  store: ObjectStore | undefined,
): SiteOutputs {
  // An output of cdktf cannot hold null: what is not there is left out.
  const nodes = hosts.map(
    ({ name, id, publicAddress }) => [name, { id, ...(publicAddress === undefined ? {} : { publicAddress }) }] as const,
  );
  return {
    nodes: Object.fromEntries(nodes),
    entry: balancer.address,
    ...(bastion === undefined ? {} : { bastion: bastion.address }),
    ...(store === undefined ? {} : { bucket: store.bucket }),
  };
}

/** A bastion of the nodes' own image, if they have one: SSH takes the same user on both. */
function bastionMachine({ size }: { readonly size?: string | undefined }, nodes: AwsSite["nodes"]) {
  const image = nodes.image === undefined ? {} : { image: nodes.image };
  if (size !== undefined) return { size: size, ...image };
  return nodes.image === undefined ? {} : { size: SMALLEST_BASTION.aws[architectureOf(nodes.size)], ...image };
}

/** Disks without a key of ours are encrypted with EBS's own. */
function diskKey(key: SiteKey | "service"): { readonly diskKey?: SiteKey } {
  return key === "service" ? {} : { diskKey: key };
}

function isIn(hostname: string, zone: string): boolean {
  return hostname === zone || hostname.endsWith(`.${zone}`);
}
