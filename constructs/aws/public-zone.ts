import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone/index.js";
import type { Construct } from "constructs";

/**
 * Id of a public zone of Route 53 that is there already: example.com.
 * @param scope - who writes records into it
 */
export function publicZone(scope: Construct, zone: string): string {
  return new DataAwsRoute53Zone(scope, "public-zone", { name: zone, privateZone: false }).zoneId;
}
