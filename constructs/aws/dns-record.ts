import { Route53Record, type Route53RecordConfig } from "@cdktf/provider-aws/lib/route53-record/index.js";
import { Route53Zone, type Route53ZoneConfig } from "@cdktf/provider-aws/lib/route53-zone/index.js";
import { Construct } from "constructs";
import { type DnsRecordProps as CommonProps, recordKind } from "../dns-record.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import { publicZone } from "./public-zone.js";

/** A record of Route 53 that leads to a balancer. */
export interface DnsRecordProps extends CommonProps {
  readonly balancer: NamedTarget;
  /** Network that sees a private zone. */
  readonly network: SiteNetwork;
  /** Change what is made. @default - as it is */
  readonly transform?: DnsRecordTransform;
}

/** Something of AWS that has a name of its own: a balancer, a distribution. */
export interface NamedTarget {
  /** Its name. */
  readonly address: string;
  /** Zone of that name, which an alias needs. */
  readonly hostedZone: string;
}

/** What of a record can be changed before it is made. */
export interface DnsRecordTransform {
  readonly record?: Transform<Route53RecordConfig>;
  readonly privateZone?: Transform<Route53ZoneConfig>;
}

/** What a record is made of. */
export interface DnsRecordResources {
  readonly record: Route53Record;
  readonly privateZone?: Route53Zone;
}

/**
 * The registry's name. In a public zone it is a CNAME; where it is the zone's own name, which can have no CNAME, an
 * alias, whose time to live Route 53 sets itself (60 s).
 *
 * A private zone is made for the registry's name alone, not for the zone around it: a private example.com would hide
 * every public name below example.com from the machines of the network. Its record is an alias therefore.
 *
 * @example
 * new DnsRecord(stack, "dns", {
 *   name: "prod-frankfurt",
 *   hostname: "registry.example.com",
 *   zone: "example.com",
 *   balancer,
 *   network,
 * });
 */
export class DnsRecord extends Construct {
  readonly resources: DnsRecordResources;

  constructor(scope: Construct, id: string, props: DnsRecordProps) {
    super(scope, id);
    if (props.private) {
      const privateZone = this.createPrivateZone(props);
      this.resources = { privateZone, record: this.createRecord(privateZone.zoneId, "apex", props) };
    } else {
      const kind = recordKind(props.hostname, props.zone);
      this.resources = { record: this.createRecord(publicZone(this, props.zone), kind, props) };
    }
  }

  private createPrivateZone({ name, hostname, network, tags, transform }: DnsRecordProps): Route53Zone {
    const config: Route53ZoneConfig = {
      name: hostname,
      comment: `${hostname} as the network of ${name} sees it`,
      vpc: [{ vpcId: network.id }],
      tags: { ...tags, Name: name },
    };
    return new Route53Zone(this, "private-zone", transformed(config, transform?.privateZone));
  }

  private createRecord(zoneId: string, kind: "apex" | "cname", props: DnsRecordProps): Route53Record {
    const { hostname, balancer, ttl = 300, transform } = props;
    const place = { zoneId, name: hostname };
    const config: Route53RecordConfig =
      kind === "cname"
        ? { ...place, type: "CNAME", ttl, records: [balancer.address] }
        : { ...place, type: "A", alias: aliasOf(balancer) };
    return new Route53Record(this, "record", transformed(config, transform?.record));
  }
}

/** An alias to the only place that there is: its health decides nothing. */
export function aliasOf({ address, hostedZone }: NamedTarget) {
  return { name: address, zoneId: hostedZone, evaluateTargetHealth: false };
}
