import * as z from "zod";
import { lineSchema } from "../../names.js";
import { urlSchema } from "../../url.js";

const scopeSchema = z.enum(["base", "one-level", "subtree"]);

/** A server of names and groups. */
const ldapSchema = z.strictObject({
  kind: z.literal("ldap"),
  url: z
    .string()
    .max(1024)
    .regex(/^ldaps?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?$/, { error: "an address of LDAP: ldaps://ldap.example.com" })
    .meta({ description: "Its address." }),
  verifyCertificate: z.boolean().default(true).meta({ description: "Whether its certificate must be valid." }),
  searchDn: lineSchema.optional().meta({
    description: "Who asks it; the password is the secret harbor/ldap. Absent: nobody, it answers to all.",
  }),
  baseDn: lineSchema.meta({ description: "Where people are looked for." }),
  filter: lineSchema.optional().meta({ description: "Which entries are people: (objectClass=person)." }),
  uid: lineSchema.default("uid").meta({ description: "The attribute with the name that a person logs in with." }),
  scope: scopeSchema.default("subtree").meta({ description: "How deep people are looked for." }),
  groups: z
    .strictObject({
      baseDn: lineSchema.meta({ description: "Where groups are looked for." }),
      filter: lineSchema.optional().meta({ description: "Which entries are groups." }),
      name: lineSchema.default("cn").meta({ description: "The attribute with a group's name." }),
      membership: lineSchema.default("memberof").meta({ description: "A person's attribute that names groups." }),
      scope: scopeSchema.default("subtree").meta({ description: "How deep groups are looked for." }),
      admins: lineSchema.optional().meta({ description: "DN of the group whose members administer Harbor." }),
    })
    .optional()
    .meta({ description: "Groups. Absent: none." }),
  timeout: z.int().min(1).max(60).default(5).meta({ description: "Seconds that an answer may take." }),
});

/** A provider of logins in the browser. */
const oidcSchema = z.strictObject({
  kind: z.literal("oidc"),
  name: lineSchema.max(64).meta({ description: "Name of the provider, on the button to log in." }),
  endpoint: urlSchema.meta({ description: "The issuer's address, before /.well-known/." }),
  clientId: lineSchema.meta({ description: "Id of Harbor there; its secret is harbor/oidc." }),
  scopes: z
    .array(z.string().regex(/^[A-Za-z0-9._:/-]+$/, { error: "a scope: openid, email" }))
    .default(["openid", "profile", "email", "offline_access"])
    .meta({ description: "What is asked for." }),
  verifyCertificate: z.boolean().default(true).meta({ description: "Whether its certificate must be valid." }),
  userClaim: lineSchema.optional().meta({ description: "The claim with a person's name. Absent: they choose one." }),
  groupsClaim: lineSchema.optional().meta({ description: "The claim that names groups." }),
  groupFilter: lineSchema.optional().meta({ description: "A regular expression of groups that Harbor shall know." }),
  adminGroup: lineSchema.optional().meta({ description: "The group whose members administer Harbor." }),
  autoOnboard: z.boolean().default(false).meta({ description: "Let people in without asking them for a name." }),
  logout: z.boolean().default(false).meta({ description: "Who logs out of Harbor logs out of the provider, too." }),
  first: z.boolean().default(false).meta({ description: "Go to the provider without Harbor's own page." }),
});

/** Where people come from. It can be changed only while there is no user but admin. */
export const loginSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("database"),
      selfRegistration: z.boolean().default(false).meta({ description: "Whether anybody may make a user." }),
    })
    .meta({ description: "From Harbor's own data base." }),
  ldapSchema.meta({ description: "From LDAP or Active Directory." }),
  oidcSchema.meta({ description: "From an OpenID Connect provider." }),
]);
export type Login = z.output<typeof loginSchema>;
export type LdapLogin = z.output<typeof ldapSchema>;
export type OidcLogin = z.output<typeof oidcSchema>;
