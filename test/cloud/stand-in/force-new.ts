/**
 * Arguments that cannot be changed: another value means another resource. Read off the source of provider 1.285.0, for
 * the resources that a site is made of, without `alicloud_`. A change of any other argument is made in place.
 */
const TABLE = `
  actiontrail_trail: is_organization_trail trail_name name
  alb_listener: listener_port listener_protocol load_balancer_id
  alb_listener_additional_certificate_attachment: listener_id certificate_id
  alb_load_balancer: address_allocated_mode address_ip_version bandwidth_package_id load_balancer_billing_config
      vpc_id
  alb_load_balancer_access_log_config_attachment: load_balancer_id log_project log_store
  alb_load_balancer_security_group_attachment: load_balancer_id security_group_id
  alb_rule: listener_id direction
  alb_server_group: ipv6_enabled protocol server_group_type vpc_id
  alidns_record: domain_name
  cdn_domain_config: domain_name function_name
  cdn_domain_new: cdn_type domain_name
  cms_alarm: project metric
  cms_alarm_contact: alarm_contact_name
  cms_alarm_contact_group: alarm_contact_group_name
  cms_event_rule: rule_name
  common_bandwidth_package: internet_charge_type isp ratio security_protection_types
  common_bandwidth_package_attachment: bandwidth_package_id instance_id
  ecs_deployment_set: strategy domain granularity
  ecs_disk: encrypted kms_key_id multi_attach snapshot_id storage_set_id storage_set_partition_number zone_id
      availability_zone
  ecs_disk_attachment: bootable disk_id instance_id key_pair_name password
  ecs_key_pair: key_pair_name key_name_prefix key_file key_name
  ecs_key_pair_attachment: instance_ids key_pair_name key_name force
  ecs_ram_role_attachment: instance_id ram_role_name
  eip_address: allocation_id high_definition_monitor_log_status internet_charge_type ip_address isp netmode
      payment_type public_ip_address_pool_id security_protection_types zone instance_charge_type
  eip_association: allocation_id instance_id instance_type private_ip_address vpc_id
  instance: availability_zone network_interface_id system_disk_category system_disk_storage_cluster_id
      system_disk_encrypted system_disk_kms_key_id system_disk_encrypt_algorithm network_interface_traffic_mode
      network_card_index queue_pair_number source_dest_check spot_strategy spot_price_limit
      security_enhancement_strategy hpc_cluster_id spot_interruption_behavior http_put_response_hop_limit
      ipv6_address_count dedicated_host_id launch_template_name launch_template_id launch_template_version
  kms_alias: alias_name
  kms_key: dkms_instance_id key_spec key_usage origin protection_level
  log_project: project_name name
  log_store: logstore_name project_name shard_count telemetry_type project name
  nat_gateway: internet_charge_type payment_type instance_charge_type vpc_id private_link_enabled access_mode
  nlb_listener: end_port listener_port listener_protocol load_balancer_id start_port
  nlb_load_balancer: address_ip_version bandwidth_package_id load_balancer_type payment_type vpc_id
  nlb_load_balancer_security_group_attachment: load_balancer_id security_group_id
  nlb_server_group: address_ip_version any_port_enabled protocol server_group_type vpc_id
  nlb_server_group_server_attachment: port server_group_id server_id server_ip server_type
  oss_bucket: bucket storage_class redundancy_type
  oss_bucket_access_monitor: bucket
  oss_bucket_acl: bucket
  oss_bucket_archive_direct_read: bucket
  oss_bucket_cname: bucket domain
  oss_bucket_cname_token: bucket domain
  oss_bucket_cors: bucket
  oss_bucket_data_redundancy_transition: bucket
  oss_bucket_https_config: bucket
  oss_bucket_inventory: bucket inventory_id
  oss_bucket_logging: bucket
  oss_bucket_meta_query: bucket
  oss_bucket_object: bucket key
  oss_bucket_overwrite_config: bucket
  oss_bucket_policy: bucket
  oss_bucket_public_access_block: bucket
  oss_bucket_referer: bucket
  oss_bucket_replication: bucket prefix_set action destination historical_object_replication sync_role
      source_selection_criteria encryption_configuration
  oss_bucket_request_payment: bucket
  oss_bucket_response_header: bucket
  oss_bucket_server_side_encryption: bucket
  oss_bucket_style: bucket style_name
  oss_bucket_transfer_acceleration: bucket
  oss_bucket_user_defined_log_fields: bucket
  oss_bucket_versioning: bucket
  oss_bucket_website: bucket
  oss_bucket_worm: bucket
  pvtz_zone: resource_group_id zone_name name
  pvtz_zone_attachment: lang user_client_ip zone_id
  pvtz_zone_record: zone_id
  ram_access_key: user_name secret_file pgp_key
  ram_policy: policy_name name
  ram_role: role_name name
  ram_role_policy_attachment: policy_name policy_type role_name
  ram_user_policy_attachment: policy_name policy_type user_name
  route_table: associate_type vpc_id
  route_table_attachment: route_table_id vswitch_id
  security_group: security_group_type vpc_id
  security_group_rule: security_group_id type ip_protocol policy priority cidr_ip ipv6_cidr_ip
      source_security_group_id source_group_owner_account prefix_list_id port_range nic_type
  slb_acl: resource_group_id ip_version
  slb_listener: load_balancer_id frontend_port backend_port protocol forward_port listener_forward
  slb_load_balancer: internet address address_ip_version address_type master_zone_id resource_group_id slave_zone_id
      vswitch_id
  slb_server_group: load_balancer_id
  slb_server_group_server_attachment: server_group_id server_id port type weight description
  sls_alert: alert_name project_name
  sls_index: logstore_name project_name
  sls_oss_export_sink: job_name project
  snat_entry: snat_table_id source_cidr source_vswitch_id
  ssl_certificates_service_certificate: cert encrypt_cert encrypt_private_key key sign_cert sign_private_key
  vpc: ipv6_cidr_block is_default user_cidrs
  vpc_flow_log: log_store_name project_name resource_id resource_type traffic_path traffic_type
  vpc_gateway_endpoint: service_name vpc_id
  vpc_gateway_endpoint_route_table_attachment: gateway_endpoint_id route_table_id
  vpc_route_entry: destination_cidr_block next_hops route_table_id
  vswitch: cidr_block is_default vpc_id zone_id availability_zone
`;

const ARGUMENTS = new Map(
  TABLE.trim()
    .split(/\n {2}(?=\S)/)
    .map((entry): [string, readonly string[]] => {
      const [name = "", rest = ""] = entry.trim().split(": ");
      return [`alicloud_${name}`, rest.split(/\s+/)];
    }),
);

/** Arguments of a resource whose change replaces it. */
export function replacing(type: string): readonly string[] {
  return ARGUMENTS.get(type) ?? [];
}
