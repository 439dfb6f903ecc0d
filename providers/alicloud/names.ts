/**
 * What the package has of the provider: the beginning of the names, without `alicloud_`, and how they go on. A resource
 * that is needed is added here, and `npm run provider:refresh` takes it in.
 */
const RESOURCES_BY_SERVICE: Readonly<Record<string, string>> = {
  "": `
    common_bandwidth_package common_bandwidth_package_attachment eip_address eip_association forward_entry instance
    kvstore_account kvstore_audit_log_config kvstore_connection kvstore_instance nat_gateway network_acl
    quotas_quota_alarm quotas_quota_application redis_tair_instance resource_manager_resource_group route_entry
    route_table route_table_attachment security_group security_group_rule snat_entry vpc vswitch
  `,
  actiontrail_: "trail",
  alb_: `
    acl acl_entry_attachment listener listener_acl_attachment listener_additional_certificate_attachment load_balancer
    load_balancer_access_log_config_attachment load_balancer_security_group_attachment rule security_policy
    server_group
  `,
  alidns_: "access_strategy address_pool domain domain_attachment gtm_instance monitor_config record",
  alidns_cloud_gtm_: "address address_pool instance_config monitor_template",
  cdn_: "domain_config domain_new real_time_log_delivery",
  cen_: `
    instance instance_attachment private_zone transit_router transit_router_peer_attachment transit_router_route_entry
    transit_router_route_table transit_router_route_table_association transit_router_route_table_propagation
    transit_router_vpc_attachment
  `,
  cms_: "alarm alarm_contact alarm_contact_group alert_rule_v2 event_rule monitor_group prometheus_instance workspace",
  cr_: `
    artifact_lifecycle_rule chain ee_instance ee_namespace ee_repo ee_sync_rule endpoint_acl_policy scan_rule
    storage_domain_routing_rule vpc_endpoint_linked_vpc
  `,
  cs_: "kubernetes_addon kubernetes_node_pool kubernetes_permissions managed_kubernetes",
  db_: "account_privilege backup_policy connection database instance readonly_instance",
  ecs_: `
    auto_snapshot_policy auto_snapshot_policy_attachment command deployment_set disk disk_attachment
    disk_encryption_by_default invocation key_pair key_pair_attachment network_interface network_interface_attachment
    prefix_list ram_role_attachment session_manager_status snapshot
  `,
  hbr_: "ecs_backup_client policy policy_binding replication_vault vault",
  kms_: "alias application_access_point client_key instance key key_version network_rule policy secret",
  log_: "project store",
  nas_: "access_group access_rule auto_snapshot_policy file_system lifecycle_policy mount_target snapshot",
  nlb_: `
    listener listener_additional_certificate_attachment load_balancer load_balancer_security_group_attachment
    load_balancer_zone_shifted_attachment loadbalancer_common_bandwidth_package_attachment security_policy
    server_group server_group_server_attachment
  `,
  oos_: "execution secret_parameter template",
  oss_: `
    access_point account_public_access_block bucket bucket_access_monitor bucket_acl bucket_archive_direct_read
    bucket_cname bucket_cname_token bucket_cors bucket_data_redundancy_transition bucket_https_config bucket_inventory
    bucket_logging bucket_meta_query bucket_object bucket_overwrite_config bucket_policy bucket_public_access_block
    bucket_referer bucket_replication bucket_request_payment bucket_response_header bucket_server_side_encryption
    bucket_style bucket_transfer_acceleration bucket_user_defined_log_fields bucket_versioning bucket_website
    bucket_worm
  `,
  ots_: "instance table",
  privatelink_: "vpc_endpoint vpc_endpoint_zone",
  pvtz_: "user_vpc_authorization zone zone_attachment zone_record",
  ram_: `
    access_key group group_policy_attachment policy role role_policy_attachment user user_group_attachment
    user_policy_attachment
  `,
  rds_: "account instance_cross_backup_policy parameter_group",
  slb_: `
    acl acl_entry_attachment backend_server ca_certificate domain_extension listener load_balancer rule
    server_certificate server_group server_group_server_attachment tls_cipher_policy
  `,
  sls_: "alert index logtail_config logtail_pipeline_config machine_group oss_export_sink",
  ssl_certificates_service_: "certificate pca_certificate",
  vpc_: `
    flow_log gateway_endpoint gateway_endpoint_route_table_attachment ha_vip network_acl_attachment peer_connection
    prefix_list route_entry
  `,
};

/** The data sources of the package, without `alicloud_`. */
const DATA_SOURCE_NAMES = `
  account actiontrail_trails alb_zones alidns_domains caller_identity cms_alarm_contact_groups cr_ee_instances
  cs_cluster_credential cs_kubernetes_version db_instance_classes db_instance_engines db_zones ecs_key_pairs
  eip_addresses enhanced_nat_available_zones hbr_vaults images instance_types instances kms_aliases kms_instances
  kms_keys kms_secret_versions kms_secrets kvstore_instance_classes kvstore_instance_engines kvstore_zones
  log_projects msc_sub_contacts nas_zones nlb_zones oss_buckets pvtz_zones quotas_quotas ram_policies
  ram_policy_document ram_roles ram_system_policys regions resource_manager_resource_groups security_groups slb_zones
  ssl_certificates_service_certificates vpcs vswitches zones
`;

/** Types of the resources that the package has, sorted: alicloud_vpc. */
export const RESOURCES: readonly string[] = Object.entries(RESOURCES_BY_SERVICE)
  .flatMap(([beginning, names]) => words(names).map((name) => `alicloud_${beginning}${name}`))
  .sort();

/** Types of the data sources that the package has, sorted: alicloud_zones. */
export const DATA_SOURCES: readonly string[] = words(DATA_SOURCE_NAMES)
  .map((name) => `alicloud_${name}`)
  .sort();

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
