import { AlicloudProvider } from "@cdktf/provider-alicloud/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Alarms } from "../constructs/alicloud/alarms.js";
import { AuditTrail } from "../constructs/alicloud/audit-trail.js";
import { Bastion } from "../constructs/alicloud/bastion.js";
import { Cdn, cdnScope } from "../constructs/alicloud/cdn.js";
import { Certificate } from "../constructs/alicloud/certificate.js";
import { DnsRecord } from "../constructs/alicloud/dns-record.js";
import { EncryptionKey } from "../constructs/alicloud/encryption-key.js";
import { Hosts } from "../constructs/alicloud/hosts.js";
import { Identity } from "../constructs/alicloud/identity.js";
import { LoadBalancer } from "../constructs/alicloud/load-balancer.js";
import { Logs } from "../constructs/alicloud/logs.js";
import { Network } from "../constructs/alicloud/network.js";
import { ObjectStore } from "../constructs/alicloud/object-store.js";
import { SecurityGroups } from "../constructs/alicloud/security-groups.js";
import type { SiteKey } from "../constructs/encryption-key.js";
import { diskGibibytes } from "../constructs/hosts.js";
import { wholeDays } from "../constructs/logs.js";
import { siteTags, type Tags } from "../constructs/named.js";
import { natOf } from "../constructs/network.js";
import { placeNodes, planSubnets } from "../spec/cloud/network-plan.js";
import { SITE_OUTPUT, type SiteOutputs } from "../spec/cloud/outputs.js";
import type { AlicloudSite } from "../spec/cloud/sites.js";
import { bucketName } from "../spec/cloud/storage.js";
import type { Environment } from "../spec/environment.js";
import { Problem } from "../spec/problem.js";
import { addServices } from "./alicloud-services.js";
import { useBackend } from "./backend.js";
import { bootstrapAfter } from "./bootstrap.js";
import { type Protection, protectionOf, type StackContext, stackName } from "./context.js";
import { balancerSettings, isForEverybody } from "./entry-settings.js";
import { portsBetweenNodes } from "./harbor-ports.js";
import { outboundPorts } from "./outbound-ports.js";
import { literalSite } from "./site-text.js";

/** Where the images are, and the key with which the nodes reach them. */
interface Images {
  readonly store: ObjectStore;
  readonly storageKey: NonNullable<SiteOutputs["storageKey"]>;
}

/** The machines of a site on Alibaba Cloud and all that belongs to them. */
export class AlicloudSiteStack extends TerraformStack {
  private readonly site: AlicloudSite;
  /** Begins the names of everything, and the tags on everything. */
  private readonly common: { readonly name: string; readonly tags: Tags };
  private readonly protection: Protection;

  /** @throws Problem `stack/no-storage-key-recipient`, and what the constructs refuse */
  constructor(
    scope: Construct,
    private readonly environment: Environment,
    site: AlicloudSite,
    private readonly context: StackContext,
  ) {
    super(scope, stackName(environment.environment, site.name));
    this.site = literalSite(site);
    this.common = {
      name: stackName(environment.environment, site.name),
      tags: siteTags(environment.environment, this.site),
    };
    this.protection = protectionOf(site, context);
    useBackend(this, environment, site, context);
    this.createProvider();

    const network = this.createNetwork();
    const groups = this.createGroups(network);
    const hosts = this.createHosts(network, groups);
    const bastion = this.createBastion(network, groups);
    const entry = this.createEntry(network, groups, hosts);
    this.createNames(network, entry);
    const images = environment.registry.storage.kind === "managed" ? this.createImages() : undefined;
    const { common, protection } = this;
    const services = addServices(this, environment, { common, site: this.site, network, groups, protection });
    const needed = [...this.node.children];

    this.writeLogs(network);
    this.createAlarms(hosts, entry, images);
    const outputs = { ...outputsOf(hosts, entry, bastion, images), ...services };
    new TerraformOutput(this, SITE_OUTPUT, { value: outputs });
    bootstrapAfter(this, context, { [site.name]: outputs }, needed);
  }

  private createProvider(): void {
    const provider = new AlicloudProvider(this, "alicloud", { region: this.site.region });
    for (const [argument, value] of Object.entries(this.site.providerArguments)) provider.addOverride(argument, value);
  }

  private createNetwork(): Network {
    const { network, zones } = this.site;
    return new Network(this, "network", {
      ...this.common,
      cidr: network.cidr,
      zones,
      // Nodes with public addresses go out by them.
      nat: natOf(this.site),
    });
  }

  private createGroups(network: Network): SecurityGroups {
    const { registry } = this.environment;
    const { network: net, access, entry } = this.site;
    return new SecurityGroups(this, "security-groups", {
      ...this.common,
      network,
      balancer: entry.kind,
      tls: entry.tls,
      balancerBlocks: network.blocks("public"),
      ports: registry.ports,
      operators: net.operators,
      clients: net.clients,
      access: access.from,
      metrics: registry.metrics.listen,
      between: portsBetweenNodes(this.environment),
      outbound: outboundPorts(this.environment, this.site),
    });
  }

  private createHosts(network: Network, groups: SecurityGroups): Hosts {
    const { nodes, zones, network: net, access } = this.site;
    return new Hosts(this, "hosts", {
      ...this.common,
      network,
      groups,
      places: placeNodes(planSubnets(net.cidr, zones), nodes.count),
      size: nodes.size,
      sizes: nodes.sizes,
      ...(nodes.image === undefined ? {} : { image: nodes.image }),
      diskGibibytes: diskGibibytes(nodes.disk),
      sshPublicKey: this.context.sshPublicKey,
      publicAddresses: access.from === "direct",
      protect: this.protection.site,
    });
  }

  private createBastion(network: Network, groups: SecurityGroups): Bastion | undefined {
    const { access, zones, nodes } = this.site;
    const [zone] = zones;
    if (access.from !== "bastion" || zone === undefined) return undefined;
    return new Bastion(this, "bastion", {
      ...this.common,
      network,
      groups,
      zone,
      ...(access.size === undefined ? {} : { size: access.size }),
      // The user of the nodes' image logs in here, too.
      ...(nodes.image === undefined ? {} : { image: nodes.image }),
      sshPublicKey: this.context.sshPublicKey,
    });
  }

  private createEntry(network: Network, groups: SecurityGroups, hosts: Hosts): LoadBalancer {
    const { entry, network: net } = this.site;
    const certificate = this.createCertificate();
    const balancer = new LoadBalancer(this, "entry", {
      ...this.common,
      network,
      groups,
      zones: network.zones,
      ...balancerSettings(this.environment, entry),
      clients: net.clients,
      ...(certificate === undefined ? {} : { certificate: certificate.id }),
      protect: this.protection.site,
    });
    for (const host of hosts.hosts) balancer.addHost(host);
    return balancer;
  }

  private createCertificate(): Certificate | undefined {
    const { certificate } = this.site;
    if (certificate.from !== "alicloud") return undefined;
    const { hostname } = this.environment.registry;
    return new Certificate(this, "certificate", { ...this.common, hostname, existing: certificate.id });
  }

  private createNames(network: Network, balancer: LoadBalancer): void {
    const { hostname, ports } = this.environment.registry;
    const { dns, cdn } = this.site;
    if (dns !== undefined) new DnsRecord(this, "dns", { ...this.common, ...dns, hostname, balancer, network });
    if (cdn === undefined) return;
    new Cdn(this, "cdn", {
      ...this.common,
      hostname: cdn.hostname,
      certificate: cdn.certificate,
      scope: cdnScope(this.site.region),
      origin: hostname,
      port: ports.https,
      keepsLayers: isForEverybody(this.environment),
      ...(dns === undefined || dns.private ? {} : { zone: dns.zone }),
    });
  }

  private createImages(): Images {
    const { environment, registry } = this.environment;
    const { bucket, logs } = this.site;
    const folder = registry.storage.kind === "managed" ? registry.storage.prefix : "";
    const store = new ObjectStore(this, "store", {
      ...this.common,
      bucket: bucketName(this.site, { environment, hostname: registry.hostname }),
      key: this.keyOfImages(),
      folder,
      keepVersionsDays: wholeDays(bucket.keepVersions),
      abandonUploadsAfterDays: wholeDays(bucket.abandonUploadsAfter),
      ...(bucket.infrequentAfter === undefined ? {} : { infrequentAfterDays: wholeDays(bucket.infrequentAfter) }),
      accessLog: bucket.accessLog,
      accessLogKeepDays: wholeDays(logs.keep),
      protect: this.protection.data,
    });
    const identity = new Identity(this, "identity", { ...this.common, description: `Registry of ${environment}` });
    store.grantRegistry(identity, { bucket: store.bucket, prefix: folder });
    return { store, storageKey: this.createStorageKeys(identity) };
  }

  private keyOfImages(): SiteKey | "service" {
    const { key } = this.site.bucket;
    if (key === "service") return "service";
    if (key !== "own") return { id: key };
    return new EncryptionKey(this, "key", {
      ...this.common,
      description: `Images of ${this.environment.registry.hostname}`,
      protect: this.protection.data,
    });
  }

  /** The last key is told; the ones before it are kept as long as hosts may still have them. */
  private createStorageKeys(identity: Identity): Images["storageKey"] {
    const { storageKeyRecipient: recipient, storageKeyGenerations: generations = [1] } = this.context;
    if (recipient === undefined) throw withoutRecipient(this.site.name);
    const last = generations.map((generation) => identity.accessKey(generation, recipient)).at(-1);
    if (last === undefined) throw new RangeError("a bucket has at least one access key");
    return last;
  }

  private writeLogs(network: Network): void {
    const { site, common } = this;
    const { environment, registry } = this.environment;
    if (!site.network.flowLogs && !site.logs.audit) return;
    const logs = new Logs(this, "logs", {
      ...common,
      project: `${bucketName(site, { environment, hostname: registry.hostname })}-logs`,
      keepDays: wholeDays(site.logs.keep),
    });
    if (site.network.flowLogs) logs.logFlows(network);
    if (site.logs.audit) new AuditTrail(this, "audit", { ...common, logs, region: site.region });
  }

  private createAlarms(hosts: Hosts, balancer: LoadBalancer, images: Images | undefined): void {
    const { alarms, bucket } = this.site;
    new Alarms(this, "alarms", {
      ...this.common,
      balancer,
      hosts: hosts.hosts,
      ...(images === undefined ? {} : { store: images.store, plannedSize: bucket.plannedSize }),
      mail: alarms.mail,
      cpu: alarms.cpu,
      storage: alarms.storage,
    });
  }
}

function outputsOf(
  { hosts }: Hosts,
  entry: LoadBalancer,
  bastion: Bastion | undefined,
  images: Images | undefined,
): SiteOutputs {
  const nodes = hosts.map(({ name, id, publicAddress }) => [name, { id, ...(publicAddress && { publicAddress }) }]);
  return {
    nodes: Object.fromEntries(nodes),
    entry: entry.address,
    ...(bastion === undefined ? {} : { bastion: bastion.address }),
    ...(images === undefined ? {} : { bucket: images.store.bucket, storageKey: images.storageKey }),
  };
}

function withoutRecipient(site: string): Problem {
  return new Problem({
    code: "stack/no-storage-key-recipient",
    says: `nobody can read the secret of the access key that ${site} would make for its bucket`,
    instead: "let harborwright make the infrastructure: it makes an OpenPGP key pair for the environment first",
    source: "alicloud_ram_access_key writes the secret into the state in the clear when it has no pgp_key",
  });
}
