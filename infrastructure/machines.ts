import type { ChangeAction } from "./plan.js";

/**
 * Machines, and those of their arguments that can change while they run. Any other change is taken to stop the machine:
 * to be wrong about that costs a drain, to be wrong the other way costs clients their connections.
 */
export type MachineTypes = Readonly<Record<string, readonly string[]>>;

/**
 * Of both clouds, from what EC2 and ECS document of changing a running machine. A list may be short of an argument, which
 * costs a drain that was not needed.
 */
export const MACHINES: MachineTypes = {
  aws_instance: [
    "credit_specification",
    "disable_api_stop",
    "disable_api_termination",
    "iam_instance_profile",
    "instance_initiated_shutdown_behavior",
    "maintenance_options",
    "metadata_options",
    "monitoring",
    "root_block_device",
    "source_dest_check",
    "tags",
    "tags_all",
    "user_data_replace_on_change",
    "volume_tags",
    "vpc_security_group_ids",
  ],
  alicloud_instance: [
    "deletion_protection",
    "description",
    "force_delete",
    "http_endpoint",
    "http_put_response_hop_limit",
    "http_tokens",
    "instance_name",
    "role_name",
    "security_groups",
    "tags",
    "volume_tags",
  ],
};

/** Construct of a stack that the machines of nodes are in; its children have the nodes' names. */
const HOSTS = "hosts";

/** The node whose machine a resource is. */
export function nodeOfMachine(type: string, path: string, machines: MachineTypes): string | undefined {
  const [room, node] = path.split("/");
  return room === HOSTS && type in machines ? node : undefined;
}

/** Whether a machine that is there stops, restarts or goes. */
export function interrupts(
  change: { readonly type: string; readonly action: ChangeAction; readonly arguments: readonly string[] },
  machines: MachineTypes,
): boolean {
  if (change.action === "create") return false;
  if (change.action !== "update") return true;
  const harmless = machines[change.type] ?? [];
  return change.arguments.some((name) => !harmless.includes(name));
}

/** Whether a path belongs to a node by its name: hosts/node-2/address, balancer/targets/node-2, alarms/cpu-node-2. */
export function namesNode(path: string, node: string): boolean {
  return path.split("/").some((part) => part === node || part.startsWith(`${node}-`) || part.endsWith(`-${node}`));
}
