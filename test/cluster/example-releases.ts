import { type Wanted, wantedRelease } from "../../cluster/wanted.js";
import { sha256, unitDigests } from "../../release/digest.js";
import type { Release, ReleaseFile } from "../../release/release.js";
import { MASK } from "../../spec/secret.js";

/** What varies between the releases of these tests. */
export interface Settings {
  readonly registry: string;
  readonly front: string;
  readonly certificate: string;
  readonly floating: string;
  readonly passwords: string;
  readonly frontMemory: number;
  readonly httpSecret: string;
  /** Whether there is a file that other releases do not have. */
  readonly extra: boolean;
  /** Version of Harbor that runs instead of Distribution. */
  readonly harbor?: string;
}

export const SETTINGS: Settings = {
  registry: "level: info",
  front: "keepalive 16;",
  certificate: "certificate one",
  floating: "advert_int 0.25",
  passwords: "operator:hash",
  frontMemory: 512,
  httpSecret: "TOP-SECRET-http",
  extra: false,
};

const IMAGES: Release["images"] = [
  { name: "registry", version: "3.1.1", reference: `sha256:${"a".repeat(64)}` },
  { name: "nginx", version: "1.26.0", reference: `docker.io/library/nginx@sha256:${"b".repeat(64)}` },
];

const made = new Map<string, Release>();
const read = new Map<Release, Wanted>();

/** A release as rendering makes them, with few and short files. The same one for the same settings. */
export function exampleRelease(changed: Partial<Settings> = {}, node = "node-1"): Release {
  const settings = { ...SETTINGS, ...changed };
  const key = JSON.stringify([settings, node]);
  const release = made.get(key) ?? makeRelease(settings, node);
  made.set(key, release);
  return release;
}

/** What planning needs of it. */
export function exampleWanted(release: Release): Wanted {
  const wanted = read.get(release) ?? wantedRelease(release);
  read.set(release, wanted);
  return wanted;
}

function makeRelease(settings: Settings, node: string): Release {
  const config = (secret: string) => `${settings.registry}\nsecret: ${secret}\n`;
  const registry = file("/etc/harborwright/registry/config.yml", "registry", config(settings.httpSecret), config(MASK));
  const compose = `services:
  registry: { image: "one", labels: { harborwright.config: ${unitDigests([registry]).registry} } }
  front: { image: "two", mem_limit: ${settings.frontMemory} }
`;
  const files = [
    registry,
    file("/etc/harborwright/registry/htpasswd", "nothing", settings.passwords, MASK),
    file("/etc/harborwright/front/nginx.conf", "front", settings.front),
    file("/etc/harborwright/front/tls/server.crt", "front", settings.certificate),
    file("/etc/harborwright/floating/keepalived.conf", "floating-address", settings.floating),
    file("/etc/systemd/system/harborwright-floating.service", "floating-address", "[Service]"),
    file("/etc/systemd/system/harborwright.service", "service", "[Service]"),
    file("/etc/sysctl.d/60-harborwright.conf", "kernel", "net.ipv4.ip_unprivileged_port_start = 443\n"),
    file("/etc/harborwright/compose.yaml", "service", compose),
    ...(settings.extra ? [file("/etc/harborwright/front/extra.conf", "front", "extra")] : []),
  ].sort((one, other) => (one.path < other.path ? -1 : 1));
  const digest = sha256(JSON.stringify([files, settings.harbor]));
  return { node, digest, files, images: imagesOf(settings), units: unitDigests(files) };
}

function imagesOf({ harbor }: Settings): Release["images"] {
  if (harbor === undefined) return IMAGES;
  const names = ["harbor-core", "nginx-photon", "harbor-log", "registry-photon", "harbor-registryctl"] as const;
  const others = ["harbor-portal", "harbor-jobservice", "prepare"] as const;
  const images = [...names, ...others].map((name) => {
    return { name, version: harbor, reference: `sha256:${sha256(`${name}${harbor}`)}` };
  });
  return [...images, ...IMAGES.filter(({ name }) => name === "nginx")];
}

function file(path: string, unit: ReleaseFile["unit"], content: string, masked = content): ReleaseFile {
  const sensitive = masked !== content;
  return { path, mode: sensitive ? 0o640 : 0o644, owner: 0, group: 10101, content, masked, sensitive, unit };
}
