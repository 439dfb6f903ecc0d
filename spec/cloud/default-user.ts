import type { CloudSite } from "./sites.js";

/** Who logs in on the default image: Debian's on AWS has admin, Alibaba Cloud Linux has root. */
export function defaultUser(site: CloudSite): string {
  return site.provider === "aws" ? "admin" : "root";
}
