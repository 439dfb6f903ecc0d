/** What happens to a resource. */
export type ChangeAction = "create" | "update" | "replace" | "delete";

/** One resource that would change; never its values, which may be secret. */
export interface ResourceChange {
  /** As Terraform names it: aws_instance.hosts_node-2_9C1B30F4 */
  readonly address: string;
  /** aws_instance */
  readonly type: string;
  /** Path of its construct below the stack: hosts/node-2 */
  readonly path: string;
  readonly action: ChangeAction;
  /** Names of arguments that change, or that force the replacement. */
  readonly arguments: readonly string[];
  /** Node whose machine stops, restarts or goes for it. @default - none */
  readonly node?: string;
}

/** What Terraform would do to a site. */
export interface InfrastructurePlan {
  readonly site: string;
  readonly changes: readonly ResourceChange[];
  /** Whether carrying it out changes nothing, not even what the site tells of itself. */
  readonly isEmpty: boolean;
}
