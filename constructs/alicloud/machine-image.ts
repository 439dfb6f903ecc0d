import { DataAlicloudImages } from "@cdktf/provider-alicloud/lib/data-alicloud-images/index.js";
import type { Construct } from "constructs";

/** The system that this version was tested with: its images carry the newest packages and log root in by key. */
const FAMILY = "acs:alibaba_cloud_linux_3_2104_lts_x64";
/** Plain images only, none with an accelerator's driver or for containers. */
const PLAIN = "^aliyun_3_x64_20G_alibase_[0-9]+[.]vhd$";

/**
 * Id of a machine's image: the one that is given, or else the newest Alibaba Cloud Linux 3 for x86-64. An instance takes
 * no family of images, so that one is looked up in the account whenever a plan is made; a plan that must do without the
 * cloud names an id. A machine that is there keeps its image whichever is newest.
 * @param id - of the data source, when one is needed
 */
export function machineImage(scope: Construct, id: string, image: string | undefined): string {
  if (image !== undefined) return image;
  const found = new DataAlicloudImages(scope, id, {
    owners: "system",
    imageFamily: FAMILY,
    nameRegex: PLAIN,
    mostRecent: true,
  });
  return found.images.get(0).id;
}

/** Whether the cloud's own security agent can be put on: it knows the public images, whose ids are names of files. */
export function takesSecurityAgent(image: string | undefined): boolean {
  return image === undefined || image.endsWith(".vhd");
}
