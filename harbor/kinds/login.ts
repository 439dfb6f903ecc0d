import type { LdapLogin, Login, OidcLogin } from "../../spec/harbor/settings/login.js";
import { LDAP_SECRET, OIDC_SECRET } from "../../spec/harbor/settings/secret-names.js";
import { Secret } from "../../spec/secret.js";
import type { Kind } from "../kind.js";
import { SETTINGS } from "../kind.js";
import { givenSecret, type HarborSecrets, rememberSent, sentSecret } from "../secrets.js";
import type { Shape } from "../shape.js";
import { oneSetting, readConfiguration } from "./configuration.js";

const FIELD = `${SETTINGS}.login`;
const SCOPES = { base: 0, "one-level": 1, subtree: 2 } as const;

/** Settings that Harbor never shows, and where their secrets are. */
const HIDDEN = { ldap_search_password: LDAP_SECRET, oidc_client_secret: OIDC_SECRET } as const;

/** Where people come from. */
export const loginKind: Kind = {
  title: "login",
  prunable: false,
  want: ({ settings: { login }, secrets }) =>
    login === undefined ? [] : oneSetting("login", FIELD, loginShape(login, secrets)),
  read: async ({ client, secrets }) => {
    const shape = await readConfiguration(client);
    const hidden = Object.entries(HIDDEN).map(([name, secret]) => [name, sentSecret(secrets, secret, name)]);
    return [{ name: "login", id: "login", shape: { ...shape, ...Object.fromEntries(hidden) } }];
  },
  create: async () => undefined,
  update: async ({ client, secrets }, { shape }, _found, _place, changed) => {
    const sent = Object.entries(shape).filter(([name]) => changed.has(name));
    const body = sent.map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]);
    await client.put("/configurations", Object.fromEntries(body));
    for (const [name, secret] of Object.entries(HIDDEN)) {
      if (changed.has(name)) await rememberSent(secrets, secret, name);
    }
  },
  remove: async () => undefined,
};

function loginShape(login: Login, secrets: HarborSecrets): Shape {
  if (login.kind === "ldap") return ldapShape(login, secrets);
  if (login.kind === "oidc") return oidcShape(login, secrets);
  return { auth_mode: "db_auth", self_registration: login.selfRegistration };
}

function ldapShape(login: LdapLogin, secrets: HarborSecrets): Shape {
  const { groups } = login;
  return {
    auth_mode: "ldap_auth",
    ldap_url: login.url,
    ldap_verify_cert: login.verifyCertificate,
    ldap_search_dn: login.searchDn ?? "",
    ldap_search_password:
      login.searchDn === undefined ? undefined : givenSecret(secrets, LDAP_SECRET, `${FIELD}.searchDn`),
    ldap_base_dn: login.baseDn,
    ldap_filter: login.filter ?? "",
    ldap_uid: login.uid,
    ldap_scope: SCOPES[login.scope],
    ldap_timeout: login.timeout,
    ldap_group_base_dn: groups?.baseDn ?? "",
    ldap_group_search_filter: groups?.filter ?? "",
    ldap_group_attribute_name: groups?.name,
    ldap_group_membership_attribute: groups?.membership,
    ldap_group_search_scope: groups && SCOPES[groups.scope],
    ldap_group_admin_dn: groups?.admins ?? "",
  };
}

function oidcShape(login: OidcLogin, secrets: HarborSecrets): Shape {
  return {
    auth_mode: "oidc_auth",
    oidc_name: login.name,
    oidc_endpoint: login.endpoint,
    oidc_client_id: login.clientId,
    oidc_client_secret: givenSecret(secrets, OIDC_SECRET, `${FIELD}.clientId`),
    oidc_scope: login.scopes.join(","),
    oidc_verify_cert: login.verifyCertificate,
    oidc_user_claim: login.userClaim ?? "",
    oidc_groups_claim: login.groupsClaim ?? "",
    oidc_group_filter: login.groupFilter ?? "",
    oidc_admin_group: login.adminGroup ?? "",
    oidc_auto_onboard: login.autoOnboard,
    oidc_logout: login.logout,
    primary_auth_mode: login.first,
  };
}
