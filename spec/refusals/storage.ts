import { refusal, refusalOfEach } from "../refusal.js";
import { storageOf } from "./views.js";

/** Folders of the system, where images have no business and `down --delete-data` must never delete. */
export const SYSTEM_FOLDERS =
  /^\/(bin|boot|dev|etc|lib|lib32|lib64|libx32|proc|root|run|sbin|snap|sys|tmp|usr|opt\/harborwright|var\/(lib|log|run|tmp|cache)\/?$|var\/lib\/(docker|containerd|harborwright|dpkg|apt|systemd))(\/|$)/;

const filesystemOnSeveralNodes = refusal("storage/filesystem-on-several-nodes", {
  when: ({ storage, registry, nodes }) =>
    storage.kind === "filesystem" && storage.nfs === undefined && nodes > 1 && registry.mirror === undefined,
  field: "registry.storage.kind",
  says: ({ nodes }) => `filesystem with ${nodes} nodes`,
  because: "each node would keep what was pushed through it on its own disk, and the other nodes would not find it",
  instead:
    "kind: s3, azure, or managed on this machine; or one node; a mirror may, as each node can fetch its own copies; with Harbor a folder that all nodes mount, named in nfs",
  source: "distribution docs, deploying.md: all instances need the same file system root on the same machine",
});

const directoryOfTheSystem = refusalOfEach(storageOf("filesystem"), "storage/directory-of-the-system", {
  when: ({ storage: { directory } }) =>
    SYSTEM_FOLDERS.test(directory) || directory.split("/").length < 3 || /\/\.{1,2}(\/|$)/.test(directory),
  field: "registry.storage.directory",
  says: ({ storage }) => storage.directory,
  because: "the folder belongs to the registry alone, and `down --delete-data` empties it",
  instead: "a folder of its own, two levels deep or more and outside the system's: /srv/registry",
  source: "by design of `down --delete-data`",
});

const managedOnHosts = refusal("storage/managed-on-hosts", {
  when: ({ storage, sites }) => storage.kind === "managed" && sites.some((site) => site.provider === "hosts"),
  field: "registry.storage.kind",
  says: "managed with provider: hosts",
  because: "machines that you have bring no object storage along",
  instead: "kind: s3 with bucket, region and endpoint; kind: azure; or with one node kind: filesystem",
  source: "spec/inventory.ts: only a local site carries managed storage",
});

const redirectOfFilesystem = refusal("storage/redirect-of-filesystem", {
  when: ({ storage, registry }) => storage.kind === "filesystem" && registry.redirect,
  field: "registry.redirect",
  says: "redirect: true with a file system",
  because: "a folder has no address to which a client could be sent",
  instead: "redirect: false",
  source: "distribution, registry/storage/driver/filesystem/driver.go: RedirectURL gives nothing",
});

const redirectBehindPublishedPort = refusal("storage/redirect-behind-published-port", {
  when: ({ storage, registry, sites }) =>
    storage.kind === "managed" &&
    registry.redirect &&
    sites.some((site) => site.provider === "local" && site.publish !== undefined),
  field: "registry.redirect",
  says: "redirect: true with a published port",
  because: "the entry is published because the hosts' network cannot be reached, and the storage lies in that network",
  instead: "redirect: false, or leave sites[].publish away",
  source: "the storage answers on the services host only, spec/inventory.ts",
});

const azureRealmWithService = refusalOfEach(storageOf("azure"), "storage/azure-realm-with-service", {
  when: ({ storage }) => /(^|\.)blob\./.test(storage.realm),
  field: "registry.storage.realm",
  says: ({ storage }) => storage.realm,
  because: "the driver puts <account>.blob. before the realm itself, so the name would have blob in it twice",
  instead: "the realm alone: core.windows.net, core.chinacloudapi.cn, core.usgovcloudapi.net",
  source: "distribution, registry/storage/driver/azure/parser.go",
});

const prefixLeavesTheBucket = refusal("storage/prefix-with-dots", {
  when: ({ storage }) => "prefix" in storage && storage.prefix.split("/").some((part) => part === "." || part === ".."),
  field: "registry.storage.prefix",
  says: ({ storage }) => ("prefix" in storage ? storage.prefix : ""),
  because:
    "a bucket knows no '.' and '..': some clients shorten such a path and some do not, and layers are not found again",
  instead: "names of folders: /registry, /team-a/registry",
  source: "RFC 3986 §5.2.4 against S3's keys, which are plain text",
});

/** Refusals that concern every kind of storage. */
export const storageRefusals = [
  filesystemOnSeveralNodes,
  directoryOfTheSystem,
  managedOnHosts,
  redirectOfFilesystem,
  redirectBehindPublishedPort,
  azureRealmWithService,
  prefixLeavesTheBucket,
];
