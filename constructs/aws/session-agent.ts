import type { Architecture } from "./instance-type.js";

/** Where the agent of Systems Manager comes from. */
export interface SessionAgentProps {
  /** eu-central-1 */
  readonly region: string;
  /** amazonaws.com, or amazonaws.com.cn in China. */
  readonly dnsSuffix: string;
  readonly architecture: Architecture;
}

/**
 * First-boot script that installs the agent of AWS Systems Manager, which Debian's images lack. It comes from Amazon's
 * bucket of the region, over the network's own way to S3. Routes may be made later than the machine, so it tries again
 * for ten minutes. Images that have the agent, as a package or a snap, are left alone.
 * Source: Systems Manager, installing the agent on Debian Server.
 */
export function sessionAgentScript({ region, dnsSuffix, architecture }: SessionAgentProps): string {
  const url = `https://s3.${region}.${dnsSuffix}/amazon-ssm-${region}/latest/debian_${architecture}/amazon-ssm-agent.deb`;
  return `#!/bin/sh
set -eu
if command -v amazon-ssm-agent || snap list amazon-ssm-agent; then exit 0; fi
package=$(mktemp --suffix=.deb)
# cloud-init is made of Python, so it is there; curl need not be. The system's own updates may hold dpkg's lock.
install() {
  python3 -c 'import sys, urllib.request; urllib.request.urlretrieve(*sys.argv[1:])' "${url}" "$package" &&
    dpkg --install "$package"
}
tries=0
until install; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ]
  sleep 10
done
rm "$package"
systemctl enable --now amazon-ssm-agent
`;
}
