import { AlidnsRecord, type AlidnsRecordConfig } from "@cdktf/provider-alicloud/lib/alidns-record/index.js";
import { PvtzZone, type PvtzZoneConfig } from "@cdktf/provider-alicloud/lib/pvtz-zone/index.js";
import { PvtzZoneAttachment } from "@cdktf/provider-alicloud/lib/pvtz-zone-attachment/index.js";
import { PvtzZoneRecord, type PvtzZoneRecordConfig } from "@cdktf/provider-alicloud/lib/pvtz-zone-record/index.js";
import { Construct } from "constructs";
import { Problem } from "../../spec/problem.js";
import { type DnsRecordProps as CommonDnsRecordProps, labelIn, recordKind } from "../dns-record.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import type { Balancer } from "./balancer.js";

/** Records in Alibaba Cloud DNS, or in a private zone of the network. */
export interface DnsRecordProps extends CommonDnsRecordProps {
  readonly balancer: Pick<Balancer, "address" | "addresses">;
  /** Network that sees a private zone. */
  readonly network: SiteNetwork;
  /** Changes to what is made. @default - as it is */
  readonly transform?: {
    readonly record?: Transform<AlidnsRecordConfig>;
    readonly zone?: Transform<PvtzZoneConfig>;
    readonly privateRecord?: Transform<PvtzZoneRecordConfig>;
  };
}

/** One record, and the stable name of its construct. */
interface RecordPlan {
  readonly id: string;
  readonly type: "A" | "CNAME";
  readonly value: string;
}

/**
 * The registry's name. It is an alias of the balancer's name; where that cannot be (the zone's own name, a balancer that
 * has no name), it holds the addresses that the balancer keeps.
 *
 * Editions of Alibaba Cloud DNS bound the TTL: the free one takes 600 s or more.
 * @example
 * new DnsRecord(this, "dns", { name, hostname: "registry.example.com", zone: "example.com", balancer: entry, network });
 */
export class DnsRecord extends Construct {
  readonly resources: {
    readonly records: readonly (AlidnsRecord | PvtzZoneRecord)[];
    readonly privateZone: PvtzZone | undefined;
  };

  /** @throws Problem `dns/apex-without-address` */
  constructor(scope: Construct, id: string, props: DnsRecordProps) {
    super(scope, id);
    const records = planRecords(props);
    if (props.private === true) {
      const privateZone = this.createPrivateZone(props);
      this.resources = {
        records: records.map((record) => this.createPrivate(record, privateZone, props)),
        privateZone,
      };
    } else {
      this.resources = { records: records.map((record) => this.createPublic(record, props)), privateZone: undefined };
    }
  }

  private createPublic({ id, type, value }: RecordPlan, props: DnsRecordProps): AlidnsRecord {
    const { hostname, zone, ttl = 300, transform } = props;
    const config: AlidnsRecordConfig = {
      domainName: zone,
      rr: labelIn(hostname, zone),
      type,
      value,
      ttl,
      remark: props.name,
    };
    return new AlidnsRecord(this, id, transformed(config, transform?.record));
  }

  private createPrivateZone({ name, zone, network, tags = {}, transform }: DnsRecordProps): PvtzZone {
    const config: PvtzZoneConfig = {
      zoneName: zone,
      remark: name,
      // Names of the zone that are not in here are asked for outside: the rest of the zone stays visible.
      proxyPattern: "RECORD",
      tags,
    };
    const privateZone = new PvtzZone(this, "zone", transformed(config, transform?.zone));
    new PvtzZoneAttachment(this, "network", { zoneId: privateZone.id, vpcIds: [network.id] });
    return privateZone;
  }

  private createPrivate({ id, type, value }: RecordPlan, zone: PvtzZone, props: DnsRecordProps): PvtzZoneRecord {
    const config: PvtzZoneRecordConfig = {
      zoneId: zone.id,
      rr: labelIn(props.hostname, props.zone),
      type,
      value,
      ttl: props.ttl ?? 300,
      remark: props.name,
    };
    return new PvtzZoneRecord(this, id, transformed(config, props.transform?.privateRecord));
  }
}

function planRecords({ hostname, zone, balancer }: DnsRecordProps): RecordPlan[] {
  const hasName = ![...balancer.addresses.values()].includes(balancer.address);
  if (hasName && recordKind(hostname, zone) === "cname") {
    return [{ id: "alias", type: "CNAME", value: balancer.address }];
  }
  if (balancer.addresses.size > 0) {
    return [...balancer.addresses].map(([place, value]) => ({ id: `address-${place}`, type: "A", value }));
  }
  throw new Problem({
    code: "dns/apex-without-address",
    says: `${hostname} is the zone itself, and the balancer has no address that lasts`,
    instead: `a name below it: registry.${zone}; or a public NLB, or a CLB`,
    field: "registry.hostname",
    source: "RFC 1912: a zone's own name cannot be an alias",
  });
}
