import { Eip, type EipConfig } from "@cdktf/provider-aws/lib/eip/index.js";
import { EipAssociation } from "@cdktf/provider-aws/lib/eip-association/index.js";
import { Instance, type InstanceConfig } from "@cdktf/provider-aws/lib/instance/index.js";
import { KeyPair, type KeyPairConfig } from "@cdktf/provider-aws/lib/key-pair/index.js";
import { Construct } from "constructs";
import { type BastionProps as CommonProps, SMALLEST_BASTION } from "../bastion.js";
import type { SiteKey } from "../encryption-key.js";
import type { SiteGroups } from "../firewall.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import { architectureOf } from "./instance-type.js";
import { machineConfig } from "./machine.js";
import { debianImage } from "./machine-image.js";

/** A machine for SSH jumps on EC2. */
export interface BastionProps extends CommonProps {
  readonly network: SiteNetwork;
  readonly groups: SiteGroups;
  /** Key of the disk. @default - EBS's own key */
  readonly diskKey?: SiteKey;
  /** Change what is made. @default - as it is */
  readonly transform?: BastionTransform;
}

/** What of a bastion can be changed before it is made. */
export interface BastionTransform {
  readonly instance?: Transform<InstanceConfig>;
  readonly keyPair?: Transform<KeyPairConfig>;
  readonly address?: Transform<EipConfig>;
}

/** What a bastion is made of. */
export interface BastionResources {
  readonly instance: Instance;
  readonly keyPair: KeyPair;
  readonly address: Eip;
}

/** Debian's image wants 8 GiB, and nothing is added. */
const DISK_GIBIBYTES = 8;

/**
 * A bastion: the one machine of a site that SSH reaches from outside, and only from the blocks of operators. It has no
 * rights in the cloud and keeps its address when it is made anew. It costs about 8 USD a month, half of it its address.
 *
 * @example
 * const bastion = new Bastion(stack, "bastion", {
 *   name: "prod-frankfurt",
 *   network,
 *   groups,
 *   zone: "eu-central-1a",
 *   sshPublicKey: "ssh-ed25519 AAAA…",
 * });
 */
export class Bastion extends Construct {
  readonly resources: BastionResources;
  /** Its public address. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: BastionProps) {
    super(scope, id);
    const keyPair = this.createKeyPair(props);
    const instance = this.createInstance(keyPair, props);
    const address = this.createAddress(instance, props);
    this.resources = { keyPair, instance, address };
    this.address = address.publicIp;
  }

  private createKeyPair({ name, sshPublicKey, tags, transform }: BastionProps): KeyPair {
    const config: KeyPairConfig = {
      keyName: `${name}-bastion`,
      publicKey: sshPublicKey,
      tags: { ...tags, Name: `${name}-bastion` },
    };
    return new KeyPair(this, "key-pair", transformed(config, transform?.keyPair));
  }

  private createInstance({ keyName }: KeyPair, props: BastionProps): Instance {
    const { name, zone, size = SMALLEST_BASTION.aws.amd64, image, network, groups, diskKey, tags, transform } = props;
    const config = machineConfig({
      name: `${name}-bastion`,
      image: image ?? debianImage(this, architectureOf(size)),
      size,
      subnet: network.subnet("public", zone),
      group: groups.group("bastion"),
      keyPair: keyName,
      ...(image === undefined ? { diskGibibytes: DISK_GIBIBYTES } : {}),
      ...(diskKey === undefined ? {} : { diskKey }),
      ...(tags === undefined ? {} : { tags }),
    });
    return new Instance(this, "machine", transformed(config, transform?.instance));
  }

  private createAddress({ id: instanceId }: Instance, { name, tags, transform }: BastionProps): Eip {
    const config: EipConfig = { domain: "vpc", tags: { ...tags, Name: `${name}-bastion` } };
    const address = new Eip(this, "address", transformed(config, transform?.address));
    new EipAssociation(this, "address-of", { allocationId: address.allocationId, instanceId });
    return address;
  }
}
