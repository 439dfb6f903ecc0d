import {
  EcsDeploymentSet,
  type EcsDeploymentSetConfig,
} from "@cdktf/provider-alicloud/lib/ecs-deployment-set/index.js";
import { EcsKeyPair, type EcsKeyPairConfig } from "@cdktf/provider-alicloud/lib/ecs-key-pair/index.js";
import { EipAddress, type EipAddressConfig } from "@cdktf/provider-alicloud/lib/eip-address/index.js";
import { EipAssociation } from "@cdktf/provider-alicloud/lib/eip-association/index.js";
import { Instance, type InstanceConfig } from "@cdktf/provider-alicloud/lib/instance/index.js";
import { Construct } from "constructs";
import type { NodePlace } from "../../spec/cloud/network-plan.js";
import { Problem } from "../../spec/problem.js";
import type { SiteKey } from "../encryption-key.js";
import type { SiteGroups } from "../firewall.js";
import { type HostsProps as CommonHostsProps, type SiteHost, sizeOfNode } from "../hosts.js";
import { fitName } from "../named.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import { LONGEST_NAME, PUBLIC_MEGABITS } from "./limits.js";
import { MADE_ONCE, machineDefaults } from "./machine.js";
import { machineImage } from "./machine-image.js";

/** Machines of a site on Alibaba Cloud. */
export interface HostsProps extends CommonHostsProps {
  readonly network: SiteNetwork;
  readonly groups: SiteGroups;
  /** Key that encrypts the system disks. @default - the key of the disk service */
  readonly diskKey?: SiteKey;
  /**
   * Keep machines of one zone on different physical hosts, by a deployment set. Zones short of capacity, and a few
   * families of instances, cannot do that.
   * @default true
   */
  readonly spread?: boolean;
  /** Changes to what is made. @default - as it is */
  readonly transform?: {
    readonly instance?: Transform<InstanceConfig>;
    readonly keyPair?: Transform<EcsKeyPairConfig>;
    readonly deploymentSet?: Transform<EcsDeploymentSetConfig>;
    readonly address?: Transform<EipAddressConfig>;
  };
}

/** What {@link Hosts} are made of; instances and addresses by name of the node. */
export interface HostsResources {
  readonly keyPair: EcsKeyPair;
  readonly deploymentSet: EcsDeploymentSet | undefined;
  readonly instances: ReadonlyMap<string, Instance>;
  readonly addresses: ReadonlyMap<string, EipAddress>;
}

/**
 * The nodes' machines: one in each place, with its planned address, an encrypted disk, metadata by token only, no role
 * and no password. A new instance type stops a machine, changes it and starts it again; it keeps its disk and address.
 * @example
 * const hosts = new Hosts(this, "hosts", {
 *   name: "prod-hangzhou",
 *   network,
 *   groups,
 *   places: placeNodes(planSubnets("10.20.0.0/16", zones), 3),
 *   size: "ecs.c7.xlarge",
 *   sshPublicKey: "ssh-ed25519 AAAA…",
 * });
 */
export class Hosts extends Construct {
  readonly resources: HostsResources;
  readonly hosts: readonly SiteHost[];

  constructor(scope: Construct, id: string, props: HostsProps) {
    super(scope, id);
    const keyPair = this.createKeyPair(props);
    const deploymentSet = props.spread === false ? undefined : this.createDeploymentSet(props);
    const instances = this.createInstances(keyPair, deploymentSet, props);
    const addresses =
      props.publicAddresses === true ? this.createAddresses(instances, props) : new Map<string, EipAddress>();
    this.resources = { keyPair, deploymentSet, instances, addresses };
    this.hosts = props.places.map((place) => this.describe(place));
  }

  /** @throws Problem `hosts/unknown` */
  host(name: string): SiteHost {
    const host = this.hosts.find((known) => known.name === name);
    if (host !== undefined) return host;
    throw new Problem({
      code: "hosts/unknown",
      says: `there is no machine ${name}`,
      instead: `one of ${this.hosts.map((known) => known.name).join(", ")}`,
    });
  }

  private describe({ name, address }: NodePlace): SiteHost {
    const publicAddress = this.resources.addresses.get(name)?.ipAddress;
    const id = this.resources.instances.get(name)?.id ?? "";
    return { name, id, privateAddress: address, ...(publicAddress === undefined ? {} : { publicAddress }) };
  }

  private createKeyPair({ name, sshPublicKey, tags = {}, transform }: HostsProps): EcsKeyPair {
    const config: EcsKeyPairConfig = {
      keyPairName: fitName(`${name}-nodes`, LONGEST_NAME),
      publicKey: sshPublicKey,
      tags,
    };
    return new EcsKeyPair(this, "key-pair", transformed(config, transform?.keyPair));
  }

  private createDeploymentSet({ name, transform }: HostsProps): EcsDeploymentSet {
    const config: EcsDeploymentSetConfig = {
      deploymentSetName: fitName(`${name}-nodes`, LONGEST_NAME),
      description: `Nodes of ${name}`,
      strategy: "Availability",
      // A node beside another one is better than a node that stands still until there is room elsewhere.
      onUnableToRedeployFailedInstance: "CancelMembershipAndStart",
    };
    return new EcsDeploymentSet(this, "deployment-set", transformed(config, transform?.deploymentSet));
  }

  private createInstances(
    keyPair: EcsKeyPair,
    deploymentSet: EcsDeploymentSet | undefined,
    props: HostsProps,
  ): Map<string, Instance> {
    const imageId = machineImage(this, "image", props.image);
    const instances = props.places.map((place): [string, Instance] => {
      const config: InstanceConfig = {
        ...machineDefaults(fitName(`${props.name}-${place.name}`, LONGEST_NAME), props),
        imageId,
        instanceType: sizeOfNode(place.name, props),
        hostName: place.name,
        keyName: keyPair.keyPairName,
        vswitchId: props.network.subnet("private", place.zone),
        privateIp: place.address,
        securityGroups: [props.groups.group("nodes")],
        systemDiskSize: props.diskGibibytes ?? 100,
        deletionProtection: props.protect ?? true,
        ...(deploymentSet === undefined ? {} : { deploymentSetId: deploymentSet.id }),
        lifecycle: { ignoreChanges: MADE_ONCE },
      };
      return [place.name, new Instance(this, place.name, transformed(config, props.transform?.instance))];
    });
    return new Map(instances);
  }

  private createAddresses(instances: ReadonlyMap<string, Instance>, props: HostsProps): Map<string, EipAddress> {
    const { name, tags = {}, transform } = props;
    const addresses = [...instances].map(([node, instance]): [string, EipAddress] => {
      const config: EipAddressConfig = {
        addressName: fitName(`${name}-${node}`, LONGEST_NAME),
        paymentType: "PayAsYouGo",
        internetChargeType: "PayByTraffic",
        bandwidth: PUBLIC_MEGABITS,
        tags,
      };
      const address = new EipAddress(this, `${node}-address`, transformed(config, transform?.address));
      new EipAssociation(this, `${node}-binding`, {
        allocationId: address.id,
        instanceId: instance.id,
        instanceType: "EcsInstance",
      });
      return [node, address];
    });
    return new Map(addresses);
  }
}
