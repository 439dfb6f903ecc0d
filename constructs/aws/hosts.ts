import { Eip, type EipConfig } from "@cdktf/provider-aws/lib/eip/index.js";
import { EipAssociation } from "@cdktf/provider-aws/lib/eip-association/index.js";
import { Instance, type InstanceConfig } from "@cdktf/provider-aws/lib/instance/index.js";
import { KeyPair, type KeyPairConfig } from "@cdktf/provider-aws/lib/key-pair/index.js";
import { PlacementGroup, type PlacementGroupConfig } from "@cdktf/provider-aws/lib/placement-group/index.js";
import { Construct } from "constructs";
import type { NodePlace } from "../../spec/cloud/network-plan.js";
import { Problem } from "../../spec/problem.js";
import type { SiteKey } from "../encryption-key.js";
import type { SiteGroups } from "../firewall.js";
import { type HostsProps as CommonProps, type SiteHost, sizeOfNode } from "../hosts.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import { Account } from "./account.js";
import { architectureOf } from "./instance-type.js";
import { machineConfig } from "./machine.js";
import { debianImage } from "./machine-image.js";
import { type SessionAgentProps, sessionAgentScript } from "./session-agent.js";

/** Machines of a site on EC2. */
export interface HostsProps extends CommonProps {
  readonly network: SiteNetwork;
  readonly groups: SiteGroups;
  /** Whose rights the machines have. @default - none */
  readonly identity?: MachineIdentity;
  /** Key of the system disks. @default - EBS's own key */
  readonly diskKey?: SiteKey;
  /**
   * Install the agent of AWS Systems Manager at the first boot, so that operators come over a session. The identity
   * needs the rights for it: `sessions: true`.
   * @default false
   */
  readonly sessions?: boolean;
  /** Change what is made. @default - as it is */
  readonly transform?: HostsTransform;
}

/** What a machine needs to know of an identity. */
export interface MachineIdentity {
  /** Name of its instance profile. */
  readonly profile: string;
}

/** What of the machines can be changed before they are made. */
export interface HostsTransform {
  /** Each machine; its name stands in the tag Name. */
  readonly instance?: Transform<InstanceConfig>;
  readonly keyPair?: Transform<KeyPairConfig>;
  readonly placementGroup?: Transform<PlacementGroupConfig>;
  readonly address?: Transform<EipConfig>;
}

/** What hosts are made of. */
export interface HostsResources {
  readonly keyPair: KeyPair;
  readonly placementGroup: PlacementGroup;
  /** By name of the node. */
  readonly instances: ReadonlyMap<string, Instance>;
  /** Public addresses, by name of the node. */
  readonly addresses: ReadonlyMap<string, Eip>;
}

/** What all machines have in common. */
interface Shared {
  readonly keyPair: KeyPair;
  readonly placementGroup: PlacementGroup;
  /** Where the agent for sessions comes from, if operators come over one. */
  readonly agent: Omit<SessionAgentProps, "architecture"> | undefined;
}

/** A group that spreads takes so many machines in one zone. Source: EC2, placement groups, spread. */
const MOST_IN_A_ZONE = 7;

/**
 * One EC2 instance for each node, at the address that was planned for it, on hardware that no other node shares.
 * Debian 12 unless an image is named; a node keeps its image until it is replaced.
 *
 * @example
 * const hosts = new Hosts(stack, "hosts", {
 *   name: "prod-frankfurt",
 *   network,
 *   groups,
 *   places: placeNodes(planSubnets(network.cidr, network.zones), 3),
 *   size: "c7i.xlarge",
 *   sshPublicKey: "ssh-ed25519 AAAA…",
 * });
 * for (const host of hosts.hosts) balancer.addHost(host);
 */
export class Hosts extends Construct {
  readonly resources: HostsResources;
  readonly hosts: readonly SiteHost[];

  /** @throws Problem when there are more nodes in a zone than can be kept apart */
  constructor(scope: Construct, id: string, props: HostsProps) {
    super(scope, id);
    refuseCrowd(props.places);
    const keyPair = this.createKeyPair(props);
    const placementGroup = this.createPlacementGroup(props);
    const shared: Shared = { keyPair, placementGroup, agent: props.sessions ? Account.of(this) : undefined };
    const instances = new Map<string, Instance>();
    const addresses = new Map<string, Eip>();
    this.hosts = props.places.map((place) => {
      const instance = this.createInstance(place, shared, props);
      instances.set(place.name, instance);
      const host: SiteHost = { name: place.name, id: instance.id, privateAddress: place.address };
      if (!props.publicAddresses) return host;
      const address = this.createAddress(place.name, instance, props);
      addresses.set(place.name, address);
      return { ...host, publicAddress: address.publicIp };
    });
    this.resources = { keyPair, placementGroup, instances, addresses };
  }

  /** A host by the name of its node. @throws RangeError when there is none */
  host(name: string): SiteHost {
    const host = this.hosts.find((one) => one.name === name);
    if (host === undefined) throw new RangeError(`no host ${name}, only ${this.hosts.map((one) => one.name)}`);
    return host;
  }

  private createKeyPair({ name, sshPublicKey, tags, transform }: HostsProps): KeyPair {
    const config: KeyPairConfig = { keyName: `${name}-nodes`, publicKey: sshPublicKey, tags: { ...tags, Name: name } };
    return new KeyPair(this, "key-pair", transformed(config, transform?.keyPair));
  }

  /** Zones fail apart already; this keeps two nodes of one zone off the same rack. */
  private createPlacementGroup({ name, tags, transform }: HostsProps): PlacementGroup {
    const config: PlacementGroupConfig = { name: `${name}-nodes`, strategy: "spread", tags: { ...tags, Name: name } };
    return new PlacementGroup(this, "placement-group", transformed(config, transform?.placementGroup));
  }

  private createInstance(place: NodePlace, { keyPair, placementGroup, agent }: Shared, props: HostsProps): Instance {
    const { name, network, groups, identity, diskKey, protect = true, transform } = props;
    const size = sizeOfNode(place.name, props);
    // Nothing is done at the first boot but what SSH needs; all else comes over SSH, where it can be watched.
    const script =
      agent === undefined ? undefined : sessionAgentScript({ ...agent, architecture: architectureOf(size) });
    const machine = machineConfig({
      name: `${name}-${place.name}`,
      image: props.image ?? debianImage(this, architectureOf(size)),
      size,
      subnet: network.subnet("private", place.zone),
      group: groups.group("nodes"),
      keyPair: keyPair.keyName,
      diskGibibytes: props.diskGibibytes ?? 100,
      ...(diskKey === undefined ? {} : { diskKey }),
      ...(props.tags === undefined ? {} : { tags: props.tags }),
    });
    const config: InstanceConfig = {
      ...machine,
      privateIp: place.address,
      placementGroup: placementGroup.name,
      disableApiTermination: protect,
      ...(identity === undefined ? {} : { iamInstanceProfile: identity.profile }),
      ...(script === undefined ? {} : { userData: script }),
    };
    return new Instance(this, place.name, transformed(config, transform?.instance));
  }

  /** An address is a thing of its own: a node that is made anew keeps the one it had. */
  private createAddress(node: string, { id: instanceId }: Instance, { name, tags, transform }: HostsProps): Eip {
    const config: EipConfig = { domain: "vpc", tags: { ...tags, Name: `${name}-${node}` } };
    const address = new Eip(this, `${node}-address`, transformed(config, transform?.address));
    new EipAssociation(this, `${node}-address-of`, { allocationId: address.allocationId, instanceId });
    return address;
  }
}

function refuseCrowd(places: readonly NodePlace[]): void {
  for (const zone of new Set(places.map((place) => place.zone))) {
    const count = places.filter((place) => place.zone === zone).length;
    if (count <= MOST_IN_A_ZONE) continue;
    throw new Problem({
      code: "hosts/too-many-in-a-zone",
      says: `${count} nodes in ${zone}: EC2 keeps ${MOST_IN_A_ZONE} machines of a zone apart`,
      instead: "more zones, or fewer nodes",
      field: "sites[].zones",
      source: "EC2, placement groups: a spread group has seven running instances in a zone at most",
    });
  }
}
