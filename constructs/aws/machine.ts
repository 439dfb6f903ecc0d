import type { InstanceConfig } from "@cdktf/provider-aws/lib/instance/index.js";
import type { SiteKey } from "../encryption-key.js";
import type { Tags } from "../named.js";
import { hasDiskConnection } from "./instance-type.js";

/** What is the same for every machine of a site. */
export interface MachineProps {
  /** Name in the console. */
  readonly name: string;
  readonly image: string;
  readonly size: string;
  readonly subnet: string;
  readonly group: string;
  /** Name of the key pair of operators. */
  readonly keyPair: string;
  /** @default - as large as the image */
  readonly diskGibibytes?: number;
  /** @default - EBS's own key */
  readonly diskKey?: SiteKey;
  readonly tags?: Tags;
}

/**
 * A machine that keeps what it was made from. A newer image or another first-boot script has a
 * machine made anew only when an operator asks for it, not because the image came out.
 */
export function machineConfig(props: MachineProps): InstanceConfig {
  const { name, image, size, subnet, group, keyPair, diskGibibytes, diskKey, tags } = props;
  const named = { ...tags, Name: name };
  return {
    ami: image,
    instanceType: size,
    subnetId: subnet,
    vpcSecurityGroupIds: [group],
    keyName: keyPair,
    ebsOptimized: hasDiskConnection(size),
    metadataOptions: {
      httpEndpoint: "enabled",
      // Version 2: a request that a client tricks the registry into has no token.
      httpTokens: "required",
      // The registry's container shares the host's network, so one hop is enough, and containers on a bridge, whose
      // answers would take two, get no credentials.
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: "disabled",
    },
    rootBlockDevice: {
      volumeType: "gp3",
      ...(diskGibibytes === undefined ? {} : { volumeSize: diskGibibytes }),
      encrypted: true,
      deleteOnTermination: true,
      ...(diskKey === undefined ? {} : { kmsKeyId: diskKey.id }),
      tags: named,
    },
    tags: named,
    lifecycle: { ignoreChanges: ["ami", "user_data"] },
  };
}
