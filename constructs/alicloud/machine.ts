import type { InstanceConfig } from "@cdktf/provider-alicloud/lib/instance/index.js";
import type { SiteKey } from "../encryption-key.js";
import type { Tags } from "../named.js";
import { takesSecurityAgent } from "./machine-image.js";

/**
 * Arguments of a machine that are given when it is made and not looked at again: the newest image of tomorrow must not
 * replace a machine of today, and the agent goes with the image.
 */
export const MADE_ONCE = ["image_id", "user_data", "security_enhancement_strategy"];

/** What every machine of a site has in common. */
export function machineDefaults(
  instanceName: string,
  options: { readonly image?: string; readonly diskKey?: SiteKey; readonly tags?: Tags },
): InstanceConfig {
  const { image, diskKey, tags = {} } = options;
  return {
    instanceName,
    description: instanceName,
    instanceChargeType: "PostPaid",
    // A public address, where there is one, is an EIP: it outlives the machine.
    internetMaxBandwidthOut: 0,
    systemDiskCategory: "cloud_essd",
    systemDiskName: instanceName,
    systemDiskEncrypted: true,
    ...(diskKey === undefined ? {} : { systemDiskKmsKeyId: diskKey.id }),
    // Metadata of version 2: a request that a program was talked into cannot bring the token.
    httpEndpoint: "enabled",
    httpTokens: "required",
    securityEnhancementStrategy: takesSecurityAgent(image) ? "Active" : "Deactive",
    tags,
    volumeTags: tags,
  };
}
