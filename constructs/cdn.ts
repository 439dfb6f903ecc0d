import type { NamedProps } from "./named.js";

/** A content delivery network before the balancer. */
export interface CdnProps extends NamedProps {
  /** Name under which clients reach the registry through it. */
  readonly hostname: string;
  /** Id or ARN of the certificate for that name. */
  readonly certificate: string;
  /** Name of the registry itself; the CDN comes there for what it does not have. */
  readonly origin: string;
  /** Port of the registry. @default 443 */
  readonly port?: number;
  /**
   * Whether layers may be kept. Only when nobody is asked for a password: what a cache holds it gives to everybody.
   * @default false
   */
  readonly keepsLayers?: boolean;
}

/** Paths whose answers never change: a layer is named by its content. */
export const LAYER_PATHS = "/v2/*/blobs/sha256:*";
