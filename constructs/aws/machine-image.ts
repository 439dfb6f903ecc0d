import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami/index.js";
import type { Construct } from "constructs";
import type { Architecture } from "./instance-type.js";

/** Debian's own account, in all commercial regions. Source: wiki.debian.org/Cloud/AmazonEC2Image. */
const DEBIAN = "136693071363";

/** How EC2 names an architecture. */
const EC2_NAMES: Readonly<Record<Architecture, string>> = { amd64: "x86_64", arm64: "arm64" };

/**
 * The newest image of Debian 12 for an architecture. Debian publishes none under its own account in China and GovCloud:
 * name an image there.
 * @param scope - what starts from it
 */
export function debianImage(scope: Construct, architecture: Architecture): string {
  const id = `debian-12-${architecture}`;
  const known = scope.node.tryFindChild(id);
  if (known instanceof DataAwsAmi) return known.id;
  return new DataAwsAmi(scope, id, {
    owners: [DEBIAN],
    mostRecent: true,
    filter: [
      // A date follows; names of daily builds and backports begin otherwise.
      { name: "name", values: [`debian-12-${architecture}-*`] },
      { name: "architecture", values: [EC2_NAMES[architecture]] },
      { name: "virtualization-type", values: ["hvm"] },
      { name: "root-device-type", values: ["ebs"] },
    ],
  }).id;
}
