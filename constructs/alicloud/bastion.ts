import { EcsKeyPair, type EcsKeyPairConfig } from "@cdktf/provider-alicloud/lib/ecs-key-pair/index.js";
import { EipAddress, type EipAddressConfig } from "@cdktf/provider-alicloud/lib/eip-address/index.js";
import { EipAssociation } from "@cdktf/provider-alicloud/lib/eip-association/index.js";
import { Instance, type InstanceConfig } from "@cdktf/provider-alicloud/lib/instance/index.js";
import { Construct } from "constructs";
import { type BastionProps as CommonBastionProps, SMALLEST_BASTION } from "../bastion.js";
import type { SiteKey } from "../encryption-key.js";
import type { SiteGroups } from "../firewall.js";
import { fitName } from "../named.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import { LONGEST_NAME, PUBLIC_MEGABITS } from "./limits.js";
import { MADE_ONCE, machineDefaults } from "./machine.js";
import { machineImage } from "./machine-image.js";

/** A bastion of a site on Alibaba Cloud. */
export interface BastionProps extends CommonBastionProps {
  readonly network: SiteNetwork;
  readonly groups: SiteGroups;
  /** Key that encrypts the system disk. @default - the key of the disk service */
  readonly diskKey?: SiteKey;
  /** Changes to what is made. @default - as it is */
  readonly transform?: {
    readonly instance?: Transform<InstanceConfig>;
    readonly keyPair?: Transform<EcsKeyPairConfig>;
    readonly address?: Transform<EipAddressConfig>;
  };
}

/** What a {@link Bastion} is made of. */
export interface BastionResources {
  readonly keyPair: EcsKeyPair;
  readonly instance: Instance;
  readonly address: EipAddress;
}

/** GiB: the smallest disk of public images. */
const DISK_GIBIBYTES = 20;

/**
 * The machine that SSH jumps over. Its address is an EIP and stays when the machine is remade.
 * @example
 * new Bastion(this, "bastion", { name: "prod-hangzhou", network, groups, zone: "cn-hangzhou-h", sshPublicKey });
 */
export class Bastion extends Construct {
  readonly resources: BastionResources;
  /** Public address. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: BastionProps) {
    super(scope, id);
    const keyPair = this.createKeyPair(props);
    const instance = this.createInstance(keyPair, props);
    const address = this.createAddress(instance, props);
    this.resources = { keyPair, instance, address };
    this.address = address.ipAddress;
  }

  private createKeyPair({ name, sshPublicKey, tags = {}, transform }: BastionProps): EcsKeyPair {
    const config: EcsKeyPairConfig = {
      keyPairName: fitName(`${name}-bastion`, LONGEST_NAME),
      publicKey: sshPublicKey,
      tags,
    };
    return new EcsKeyPair(this, "key-pair", transformed(config, transform?.keyPair));
  }

  private createInstance(keyPair: EcsKeyPair, props: BastionProps): Instance {
    const config: InstanceConfig = {
      ...machineDefaults(fitName(`${props.name}-bastion`, LONGEST_NAME), props),
      imageId: machineImage(this, "image", props.image),
      instanceType: props.size ?? SMALLEST_BASTION.alicloud,
      hostName: "bastion",
      keyName: keyPair.keyPairName,
      vswitchId: props.network.subnet("public", props.zone),
      securityGroups: [props.groups.group("bastion")],
      systemDiskSize: DISK_GIBIBYTES,
      // It holds nothing: whatever calls for a new one may have it.
      deletionProtection: false,
      lifecycle: { ignoreChanges: MADE_ONCE },
    };
    return new Instance(this, "instance", transformed(config, props.transform?.instance));
  }

  private createAddress(instance: Instance, { name, tags = {}, transform }: BastionProps): EipAddress {
    const config: EipAddressConfig = {
      addressName: fitName(`${name}-bastion`, LONGEST_NAME),
      paymentType: "PayAsYouGo",
      internetChargeType: "PayByTraffic",
      bandwidth: PUBLIC_MEGABITS,
      tags,
    };
    const address = new EipAddress(this, "address", transformed(config, transform?.address));
    new EipAssociation(this, "binding", {
      allocationId: address.id,
      instanceId: instance.id,
      instanceType: "EcsInstance",
    });
    return address;
  }
}
