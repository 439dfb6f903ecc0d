import { ACCESS_KEY } from "./access-key.js";
import { CloudError } from "./cloud-error.js";
import type { Thing } from "./stand-in-cloud.js";
import { isList, isObject, type ObjectValue, type Value } from "./value.js";

/** Arguments that keep a resource from being deleted, with the value that does, without `alicloud_`. */
const PROTECTIONS: Readonly<Record<string, readonly [argument: string, value: Value]>> = {
  alb_load_balancer: ["deletion_protection_enabled", true],
  eip_address: ["deletion_protection", true],
  instance: ["deletion_protection", true],
  kms_key: ["deletion_protection", "Enabled"],
  nat_gateway: ["deletion_protection", true],
  nlb_load_balancer: ["deletion_protection_enabled", true],
  slb_load_balancer: ["delete_protection", "on"],
};

/** Resources that go only when nothing stands in them any more. */
const GROUNDS = new Set(["alicloud_vpc", "alicloud_vswitch", "alicloud_security_group"]);

/** Access keys that RAM allows a user. */
const MOST_KEYS = 2;

/** @throws CloudError when the cloud would not make a thing beside those of its type that are there */
export function refuseCreation(type: string, given: ObjectValue, there: readonly Thing[]): void {
  if (type !== ACCESS_KEY) return;
  const ofUser = there.filter((one) => one.given.user_name === given.user_name);
  if (ofUser.length < MOST_KEYS) return;
  throw new CloudError("LimitExceeded.User.AccessKey", `the user ${given.user_name} has ${ofUser.length} access keys`);
}

/** @throws CloudError when the cloud would not delete a thing, with all that is there */
export function refuseDeletion(thing: Thing, all: Iterable<Thing>, filled: ReadonlySet<string>): void {
  refuseProtected(thing);
  refuseFilled(thing, filled);
  if (!GROUNDS.has(thing.type)) return;
  for (const other of all) {
    if (other !== thing && mentions(other.given, thing.id)) {
      throw new CloudError("DependencyViolation", `${other.type} ${other.id} still uses ${thing.id}`);
    }
  }
}

function refuseProtected({ type, id, state }: Thing): void {
  const [argument, value] = PROTECTIONS[type.replace(/^alicloud_/, "")] ?? [];
  if (argument === undefined || state[argument] !== value) return;
  throw new CloudError("OperationDenied.DeletionProtection", `${id} is protected: ${argument} is ${value}`);
}

/** A bucket goes with what is in it only where it was said so before. */
function refuseFilled({ type, id, state }: Thing, filled: ReadonlySet<string>): void {
  if (type !== "alicloud_oss_bucket" || !filled.has(id) || state.force_destroy === true) return;
  throw new CloudError("BucketNotEmpty", `the bucket ${id} holds objects or versions of objects`);
}

function mentions(value: Value | ObjectValue, id: string): boolean {
  if (isList(value)) return value.some((inside) => mentions(inside, id));
  if (isObject(value)) return Object.values(value).some((inside) => mentions(inside, id));
  return value === id;
}
