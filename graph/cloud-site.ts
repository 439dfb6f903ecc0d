import { natOf, planNat } from "../constructs/network.js";
import { placeNodes, planSubnets } from "../spec/cloud/network-plan.js";
import { type DataService, managedServices, serviceSize } from "../spec/cloud/services.js";
import type { CloudSite } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import type { SiteInventory } from "../spec/inventory.js";
import type { Arrow, Box, Frame } from "./picture.js";
import { nodeBox, type SitePart } from "./site-part.js";

const CLOUDS = { alicloud: "Alibaba Cloud", aws: "AWS" } as const;

/** A site on a cloud: its network with a frame for each zone, and the services around it. */
export function cloudPart(site: CloudSite, environment: Environment, hosts: SiteInventory): SitePart {
  const id = (what: string) => `${site.name}/${what}`;
  const entry = balancer(site, environment, hosts);
  const nodes = hosts.nodes.map(({ name }) => nodeBox(site.name, name));
  const services = [...dns(site, environment), ...bucket(site, hosts), ...care(site)];
  const inside = dataServices(site, environment);
  const hasBastion = site.access.from === "bastion";
  const network: Frame = {
    id: id("network"),
    label: `network ${site.network.cidr}`,
    boxes: [entry, ...inside],
    frames: zones(site),
  };
  const ways: Arrow[] = [
    ...(site.cdn === undefined ? [] : [{ from: "clients", to: id("cdn"), label: "TLS" }]),
    ...services.filter(({ kind }) => kind === "name").map((box) => ({ from: box.id, to: entry.id })),
    ...nodes.map((node) => ({ from: entry.id, to: node })),
    ...[...services, ...inside]
      .filter(({ kind }) => kind === "store")
      .flatMap((box) => nodes.map((node) => ({ from: node, to: box.id }))),
    ...(hasBastion ? nodes.map((node) => ({ from: id("bastion"), to: node, label: "SSH", care: true })) : []),
  ];
  return {
    frame: {
      id: site.name,
      label: `${site.name}: ${CLOUDS[site.provider]}, ${site.region}`,
      boxes: services,
      frames: [network],
    },
    arrows: ways,
    entrance: services.find(({ kind }) => kind === "name")?.id ?? entry.id,
    doors: doors(site, nodes, id("bastion")),
    clients: site.network.clients,
    ...(site.access.from === "session" ? {} : { operators: site.network.operators }),
  };
}

function balancer(site: CloudSite, { registry }: Environment, { entry }: SiteInventory): Box {
  const { kind, tls, public: open } = site.entry;
  return {
    id: `${site.name}/entry`,
    kind: "entry",
    label: `${kind.toUpperCase()}, ${open ? "public" : "private"}`,
    details: [
      tls === "nodes" ? "passes TLS to the nodes" : "ends TLS with the cloud's certificate",
      ...(entry.address === registry.hostname ? [] : [entry.address]),
    ],
  };
}

function zones(site: CloudSite): Frame[] {
  const subnets = planSubnets(site.network.cidr, site.zones);
  const places = placeNodes(subnets, site.nodes.count);
  const nat = planNat(site.zones, natOf(site));
  return subnets.map((subnet, index) => {
    const machines = places
      .filter(({ zone }) => zone === subnet.zone)
      .map(
        ({ name, address }): Box => ({
          id: nodeBox(site.name, name),
          kind: "machine",
          label: name,
          details: [site.nodes.sizes[name] ?? site.nodes.size, address],
        }),
      );
    const gateway: Box[] = nat.gateways.includes(subnet.zone)
      ? [{ id: `${site.name}/nat/${subnet.zone}`, kind: "service", label: "NAT", details: ["way out of the nodes"] }]
      : [];
    // The bastion stands in the first zone; it holds nothing and is remade elsewhere when that zone is gone.
    const bastion: Box[] =
      index === 0 && site.access.from === "bastion"
        ? [{ id: `${site.name}/bastion`, kind: "machine", label: "bastion", details: [subnet.public] }]
        : [];
    return {
      id: `${site.name}/zone/${subnet.zone}`,
      label: subnet.zone,
      boxes: [...machines, ...gateway, ...bastion],
      frames: [],
    };
  });
}

function dns({ name, dns, cdn }: CloudSite, { registry }: Environment): Box[] {
  const box = (what: string, label: string, detail: string): Box => ({
    id: `${name}/${what}`,
    kind: "name",
    label,
    details: [detail],
  });
  return [
    ...(dns === undefined
      ? []
      : [box("dns", registry.hostname, `${dns.private ? "private zone" : "zone"} ${dns.zone}, TTL ${dns.ttl} s`)]),
    ...(cdn === undefined ? [] : [box("cdn", `CDN ${cdn.hostname}`, "before the balancer")]),
  ];
}

function bucket(site: CloudSite, { storage }: SiteInventory): Box[] {
  if (storage === undefined) return [];
  const { key } = site.bucket;
  const encrypted =
    key === "own" ? "encrypted by a key of the site" : `encrypted by ${key === "service" ? "the store" : key}`;
  return [
    {
      id: `${site.name}/storage`,
      kind: "store",
      label: `bucket ${storage.bucket}`,
      details: [site.provider === "aws" ? "S3" : "OSS", `private, versions, ${encrypted}`],
    },
  ];
}

/** What Harbor keeps besides its images. */
function dataServices(site: CloudSite, environment: Environment): Box[] {
  const { database, redis } = managedServices(environment);
  const names = {
    alicloud: { database: "RDS", redis: "Tair" },
    aws: { database: "RDS", redis: "ElastiCache" },
  } as const;
  const [primary, standby] = new Set(site.zones);
  const box = (service: DataService, label: string, wanted: { readonly size?: string | undefined }): Box => ({
    id: `${site.name}/${service}`,
    kind: "store",
    label,
    details: [
      `${names[site.provider][service]}, ${serviceSize(service, site, wanted)}`,
      `in ${primary}, with a standby in ${standby}`,
    ],
  });
  return [
    ...(database === undefined ? [] : [box("database", `PostgreSQL ${database.version}`, database)]),
    ...(redis === undefined ? [] : [box("redis", "Redis", redis)]),
  ];
}

/** What looks after the site. */
function care({ name, logs, alarms, network, budget }: CloudSite): Box[] {
  const written = [...(network.flowLogs ? ["flows"] : []), ...(logs.audit ? ["audit trail"] : [])];
  const told = alarms.mail.length === 0 ? "nobody is told" : alarms.mail.join(", ");
  return [
    ...(written.length === 0
      ? []
      : [
          {
            id: `${name}/logs`,
            kind: "service",
            label: "logs",
            details: [`${written.join(", ")}, kept ${logs.keep}`],
          } as const,
        ]),
    {
      id: `${name}/alarms`,
      kind: "service",
      label: "alarms",
      details: [told, ...(budget === undefined ? [] : [`budget ${budget.monthly} ${budget.currency} a month`])],
    },
  ];
}

function doors({ access }: CloudSite, nodes: readonly string[], bastion: string): SitePart["doors"] {
  switch (access.from) {
    case "bastion":
      return [{ box: bastion, label: "SSH" }];
    case "session":
      return nodes.map((box) => ({ box, label: "session" }));
    case "direct":
    case "private":
      return nodes.map((box) => ({ box, label: "SSH" }));
  }
}
