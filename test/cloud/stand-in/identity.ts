import { digest } from "./made-up.js";
import { isList, type ObjectValue, type Value } from "./value.js";

/** Resources whose id is made of their arguments, as the provider's source has it, without `alicloud_`. */
const NAMED: Readonly<Record<string, string>> = {
  actiontrail_trail: "trail_name",
  cdn_domain_new: "domain_name",
  cms_alarm_contact: "alarm_contact_name",
  cms_alarm_contact_group: "alarm_contact_group_name",
  ecs_key_pair: "key_pair_name",
  ecs_key_pair_attachment: "key_pair_name instance_ids",
  ecs_ram_role_attachment: "instance_id ram_role_name",
  eip_association: "allocation_id instance_id",
  kms_alias: "alias_name",
  log_project: "project_name",
  log_store: "project_name logstore_name",
  nlb_server_group_server_attachment: "server_group_id server_id server_ip server_type port",
  oss_bucket: "bucket",
  pvtz_zone_attachment: "zone_id",
  ram_policy: "policy_name",
  ram_role: "role_name",
  ram_role_policy_attachment: "policy_name policy_type role_name",
  ram_user_policy_attachment: "policy_name policy_type user_name",
  route_table_attachment: "route_table_id vswitch_id",
  security_group_rule:
    "security_group_id type ip_protocol port_range nic_type cidr_ip source_security_group_id policy priority",
  slb_listener: "load_balancer_id protocol frontend_port",
  slb_server_group_server_attachment: "server_group_id server_id port",
  sls_index: "project_name logstore_name",
  vpc_gateway_endpoint_route_table_attachment: "gateway_endpoint_id route_table_id",
};

/** How the ids begin that the cloud makes up. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  alb_listener: "lsn-",
  alb_load_balancer: "alb-",
  alb_server_group: "sgp-",
  ecs_deployment_set: "ds-bp1",
  eip_address: "eip-bp1",
  instance: "i-bp1",
  kms_key: "key-hzz",
  nat_gateway: "ngw-bp1",
  nlb_listener: "lsn-",
  nlb_load_balancer: "nlb-",
  nlb_server_group: "sgp-",
  ram_access_key: "LTAI5t",
  route_table: "vtb-bp1",
  security_group: "sg-bp1",
  slb_load_balancer: "lb-bp1",
  slb_server_group: "rsp-bp1",
  vpc: "vpc-bp1",
  vpc_flow_log: "fl-bp1",
  vswitch: "vsw-bp1",
};

/** The id of a resource, and whether another one cannot have the same. */
export function identityOf(type: string, planned: ObjectValue, seed: string): { id: string; named: boolean } {
  const kind = type.replace(/^alicloud_/, "");
  const words = (NAMED[kind] ?? (kind.startsWith("oss_bucket_") ? "bucket" : "")).split(" ");
  const parts = words.map((name) => part(planned[name])).filter((text) => text !== "");
  if (parts.length > 0) return { id: parts.join(":"), named: true };
  return { id: `${BEGINNINGS[kind] ?? ""}${digest(type, seed).slice(0, 16)}`, named: false };
}

function part(value: Value | undefined): string {
  if (isList(value)) return value.map(part).join();
  return typeof value === "string" || typeof value === "number" ? `${value}` : "";
}
