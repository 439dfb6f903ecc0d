import { verbatimIn } from "../constructs/verbatim.js";
import type { CloudSite } from "../spec/cloud/sites.js";

/**
 * A site whose texts Terraform takes as they stand: it would take what is in `${…}` for a term. Arguments for its
 * provider stay as they are, for they are Terraform's own language.
 */
export function literalSite<Site extends CloudSite>(site: Site): Site {
  return { ...verbatimIn(site), providerArguments: site.providerArguments };
}
