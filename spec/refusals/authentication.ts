import type { Environment } from "../environment.js";
import { refusal, refusalOfEach } from "../refusal.js";
import { isPrivateHost } from "../url.js";

const openToEverybody = refusal("authentication/open-to-everybody", {
  when: ({ registry }) =>
    registry.authentication.kind === "none" &&
    registry.clientCertificates === undefined &&
    registry.mirror === undefined &&
    !registry.readOnly,
  field: "registry.authentication.kind",
  says: "none, and clients need no certificate",
  because: "whoever reaches the entry could replace and delete every image",
  instead: "kind: htpasswd; or clientCertificates; or readOnly: true for images that anybody may read",
  source: "OWASP CICD-SEC-9: nobody can trust an image that anybody may push",
});

/** Each account of htpasswd, with those before it. */
function everyUser(environment: Environment) {
  const { authentication } = environment.registry;
  if (authentication.kind !== "htpasswd") return [];
  return authentication.users.map((user, index, all) => ({ at: [index], user, before: all.slice(0, index) }));
}

const userTwice = refusalOfEach(everyUser, "authentication/user-twice", {
  when: ({ user, before }) => before.includes(user),
  field: "registry.authentication.users[]",
  says: ({ user }) => `${user} stands here twice`,
  because: "of two lines with one name the registry keeps the last only, and one of the two passwords would not work",
  instead: "each name once",
  source: "distribution, registry/auth/htpasswd/htpasswd.go: a map by name",
});

/** The environment, if a token server says who may come in. */
function tokenServer(environment: Environment) {
  const { authentication } = environment.registry;
  return authentication.kind === "token" ? [{ at: [], realm: authentication.realm }] : [];
}

const realmInTheClear = refusalOfEach(tokenServer, "authentication/realm-in-the-clear", {
  when: ({ realm }) => realm.startsWith("http:") && !isPrivateHost(realm),
  field: "registry.authentication.realm",
  says: ({ realm }) => realm,
  because: "clients send their passwords to this address, over http for everybody on the way to read",
  instead: "https; http is accepted for private names and addresses",
  source: "distribution docs, spec/auth/token.md: the client authenticates at the realm with Basic",
});

/** Refusals that concern who may come in. */
export const authenticationRefusals = [openToEverybody, userTwice, realmInTheClear];
