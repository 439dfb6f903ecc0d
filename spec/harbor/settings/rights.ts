import * as z from "zod";

const READ_AND_WRITE = ["read", "create", "delete", "list", "update"] as const;

/** What a robot may be allowed in the whole of Harbor: resources and their actions (src/common/rbac/const.go, 2.13 to 2.15). */
const SYSTEM_RIGHTS: Readonly<Record<string, readonly string[]>> = {
  "audit-log": ["list"],
  catalog: ["read"],
  "garbage-collection": ["read", "create", "list", "update", "stop"],
  "jobservice-monitor": ["list", "stop"],
  label: ["read", "create", "delete", "update"],
  "ldap-user": ["create", "list"],
  "preheat-instance": READ_AND_WRITE,
  project: ["list", "create"],
  "purge-audit": ["read", "create", "list", "update", "stop"],
  quota: ["read", "list", "update"],
  registry: READ_AND_WRITE,
  replication: ["read", "create", "list"],
  "replication-adapter": ["list"],
  "replication-policy": READ_AND_WRITE,
  robot: ["create", "read", "list", "delete"],
  "scan-all": ["read", "update", "stop", "create"],
  scanner: READ_AND_WRITE,
  "security-hub": ["read", "list"],
  "system-volumes": ["read"],
  user: READ_AND_WRITE,
  "user-group": READ_AND_WRITE,
};

/** What a robot may be allowed in a project. */
const PROJECT_RIGHTS: Readonly<Record<string, readonly string[]>> = {
  accessory: ["list"],
  artifact: ["read", "create", "list", "delete"],
  "artifact-addition": ["read"],
  "artifact-label": ["create", "delete"],
  "export-cve": ["create", "read"],
  "immutable-tag": ["create", "delete", "list", "update"],
  label: READ_AND_WRITE,
  log: ["list"],
  member: READ_AND_WRITE,
  metadata: READ_AND_WRITE,
  "notification-policy": READ_AND_WRITE,
  "preheat-policy": READ_AND_WRITE,
  project: ["read", "delete", "update"],
  quota: ["read"],
  repository: ["pull", "push", "read", "update", "delete", "list"],
  robot: ["create", "read", "list", "delete"],
  sbom: ["create", "stop", "read"],
  scan: ["create", "read", "stop"],
  scanner: ["create", "read"],
  tag: ["create", "list", "delete"],
  "tag-retention": READ_AND_WRITE,
};

/** Rights in a project, exactly those that are written: `repository: [pull, push]`. */
export const projectRightsSchema = rightsSchema(PROJECT_RIGHTS);
/** Rights in the whole of Harbor, exactly those that are written: `project: [list]`. */
export const systemRightsSchema = rightsSchema(SYSTEM_RIGHTS);

/** Actions by resource. */
export type Rights = z.output<typeof projectRightsSchema>;

function rightsSchema(vocabulary: Readonly<Record<string, readonly string[]>>) {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(vocabulary).map(([resource, actions]) => [
        resource,
        z
          .array(z.enum([...actions]))
          .min(1)
          .optional()
          .meta({ description: `Of ${actions.join(", ")}.` }),
      ]),
    ),
  );
}
