/** Names in the secret store of what Harbor's settings need. */

/** The secret of a robot, made here. @param project - undefined for a robot that reaches several */
export function robotSecretName(project: string | undefined, robot: string): string {
  return project === undefined ? `harbor/robot/${robot}` : `harbor/robot/${project}+${robot}`;
}

/** The password for another registry. */
export function registrySecretName(registry: string): string {
  return `harbor/registry/${registry}`;
}

/** The Authorization header for a receiver of events. */
export function webhookSecretName(project: string, webhook: string): string {
  return `harbor/webhook/${project}/${webhook}`;
}

/** The password or token for a network of peers. */
export function preheatSecretName(instance: string): string {
  return `harbor/preheat/${instance}`;
}

/** The password of who asks LDAP. */
export const LDAP_SECRET = "harbor/ldap";
/** The secret of Harbor at an OpenID Connect provider. */
export const OIDC_SECRET = "harbor/oidc";
