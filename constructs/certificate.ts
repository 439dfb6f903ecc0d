import type { NamedProps } from "./named.js";

/** A certificate of the cloud for its balancer; its private key never leaves the cloud. */
export interface CertificateProps extends NamedProps {
  /** Name that it is for. */
  readonly hostname: string;
  /** Id or ARN of one that you have. @default - one is asked for and proved by a record in the zone */
  readonly existing?: string;
}
