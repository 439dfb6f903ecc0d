import { milliseconds } from "../duration.js";
import { refusalOfEach } from "../refusal.js";
import { isPrivateHost } from "../url.js";
import { mirrors } from "./views.js";

const withoutDelete = refusalOfEach(mirrors, "mirror/without-delete", {
  when: ({ registry }) => !registry.delete,
  field: "registry.delete",
  says: "delete: false with a mirror",
  because: "a copy whose time is over is deleted by the registry itself; where it may not, the storage only ever grows",
  instead: "delete: true; clients cannot delete from a mirror in any case",
  source: "distribution, registry/proxy/proxyregistry.go: OnBlobExpire; docs, configuration.md: proxy",
});

const ttlOn28 = refusalOfEach(mirrors, "mirror/ttl-on-distribution-2", {
  when: ({ registry, mirror }) => registry.version === "2.8" && milliseconds(mirror.ttl) !== milliseconds("168h"),
  field: "registry.mirror.ttl",
  says: ({ mirror }) => `${mirror.ttl} on version 2.8`,
  because: "2.8 keeps copies for a week, whatever is written",
  instead: 'leave it away, or version: "3.1"',
  source: "distribution v2.8.3, registry/proxy/proxyblobstore.go: blobTTL",
});

const upstreamPath = refusalOfEach(mirrors, "mirror/upstream-with-path", {
  when: ({ upstream }) => upstream.pathname !== "/" || upstream.search !== "" || upstream.hash !== "",
  field: "registry.mirror.upstream",
  says: ({ mirror }) => mirror.upstream,
  because: "a mirror copies a whole registry, whose API begins at the root of its domain",
  instead: ({ upstream }) => `${upstream.origin}; clients write the rest as a part of the image's name`,
  source: "distribution docs, recipes/mirror.md",
});

const ofItself = refusalOfEach(mirrors, "mirror/of-itself", {
  when: ({ upstream, registry }) => upstream.hostname === registry.hostname,
  field: "registry.mirror.upstream",
  says: ({ mirror }) => mirror.upstream,
  because: "this is the registry's own name: each question would be asked of itself, without end",
  instead: "the registry that is to be mirrored: https://registry-1.docker.io",
  source: "by design",
});

const hubWebsite = refusalOfEach(mirrors, "mirror/hub-website", {
  when: ({ upstream }) => ["docker.io", "www.docker.com", "hub.docker.com", "docker.com"].includes(upstream.hostname),
  field: "registry.mirror.upstream",
  says: ({ mirror }) => mirror.upstream,
  because: "this is Docker Hub's web site, not its registry",
  instead: "https://registry-1.docker.io",
  source: "distribution docs, recipes/mirror.md",
});

const passwordInTheClear = refusalOfEach(mirrors, "mirror/password-in-the-clear", {
  when: ({ mirror }) =>
    mirror.username !== undefined && mirror.upstream.startsWith("http:") && !isPrivateHost(mirror.upstream),
  field: "registry.mirror.upstream",
  says: ({ mirror }) => `${mirror.upstream} with a username`,
  because: "the upstream's password would travel where anybody on the way can read it",
  instead: "https; http is accepted for private names and addresses",
  source: "RFC 7617 §4: Basic is not secret by itself",
});

const privateForEverybody = refusalOfEach(mirrors, "mirror/private-images-for-everybody", {
  when: ({ registry, mirror }) =>
    mirror.username !== undefined &&
    registry.authentication.kind === "none" &&
    registry.clientCertificates === undefined,
  field: "registry.authentication.kind",
  says: "none with a mirror that logs in upstream",
  because: "whatever this account may pull, everybody could pull from the mirror",
  instead: "kind: htpasswd, or clientCertificates, or no username",
  source: "distribution docs, recipes/mirror.md: private repositories become available to whoever reaches the mirror",
});

/**
 * Refusals that concern a pull-through mirror. Several nodes are fine: each keeps its own account of what it has copied,
 * and in a shared storage a copy that one node has forgotten stays until it is collected.
 */
export const mirrorRefusals = [
  withoutDelete,
  ttlOn28,
  upstreamPath,
  ofItself,
  hubWebsite,
  passwordInTheClear,
  privateForEverybody,
];
