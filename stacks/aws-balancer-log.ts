import type { TerraformStack } from "cdktf";
import { type AccessLog, balancerLog } from "../constructs/aws/balancer-log.js";
import type { ObjectStore } from "../constructs/aws/object-store.js";
import type { AwsSite } from "../spec/cloud/sites.js";

/** Where a site's balancer writes down requests: beside those to the bucket, unless it only passes connections on. */
export function accessLogOf(
  stack: TerraformStack,
  { kind, tls }: AwsSite["entry"],
  store: ObjectStore | undefined,
): { readonly accessLog?: AccessLog } {
  const to = store?.resources.accessLog;
  if (to === undefined || tls === "nodes") return {};
  return { accessLog: balancerLog(stack, { kind, to, folder: "balancer" }) };
}
