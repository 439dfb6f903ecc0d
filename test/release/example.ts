import { sha256 } from "../../release/digest.js";
import { harborImages } from "../../release/harbor-images.js";
import type { Images, Release, ReleaseFile, ReleaseSecrets } from "../../release/release.js";
import { render } from "../../release/render.js";
import type { NodeContext } from "../../release/views/node-view.js";
import { type Environment, type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { type Inventory, plannedInventory, type SiteInventory } from "../../spec/inventory.js";
import { Secret } from "../../spec/secret.js";

/** Begins every secret of the examples, so that a test can find any of them by it. */
export const MARK = "TOP-SECRET-";

export const IMAGES: Images = {
  registry: { name: "registry", version: "3.1.1", reference: `sha256:${"a".repeat(64)}` },
  nginx: { name: "nginx", version: "1.22.1", reference: `docker.io/library/nginx@sha256:${"b".repeat(64)}` },
  haproxy: { name: "haproxy", version: "2.6.12", reference: `docker.io/library/haproxy@sha256:${"c".repeat(64)}` },
  harbor: harborImages((name) => ({ name, version: "2.15.2", reference: `sha256:${sha256(name)}` })),
};

export const EXAMPLE_FILE: EnvironmentFile = {
  environment: "example",
  registry: { hostname: "registry.example.com" },
  sites: [{ name: "here", provider: "local" }],
};

/** The example environment with some settings of its registry and other sections changed. */
export function exampleEnvironment(
  registry: Partial<EnvironmentFile["registry"]> = {},
  rest: Partial<EnvironmentFile> = {},
): Environment {
  return environmentSchema.parse({ ...EXAMPLE_FILE, ...rest, registry: { ...EXAMPLE_FILE.registry, ...registry } });
}

export function inventoryOf(environment: Environment): Inventory {
  return plannedInventory(environment, { identity: "/state/lab_ed25519" });
}

/** The only site of an environment, or its first. */
export function siteOf(environment: Environment): SiteInventory {
  const [site] = inventoryOf(environment).sites;
  if (site === undefined) throw new Error("an environment has a site");
  return site;
}

/**
 * Every secret that an environment could need, each with its own value.
 * @param ending - text that each value ends with, for the hostile ones
 */
export function secretsOf(environment: Environment, ending = ""): ReleaseSecrets {
  const secret = (name: string) => new Secret(`${MARK}${name}${ending}`);
  const { authentication, clientCertificates, notifications } = environment.registry;
  const named = [
    ...(authentication.kind === "token" ? [authentication.rootCertificates] : []),
    ...(clientCertificates === undefined ? [] : [clientCertificates.ca]),
  ];
  return {
    httpSecret: secret("http"),
    htpasswd: secret("htpasswd"),
    certificates: Object.fromEntries(
      environment.sites.map((site) => [site.name, { chain: `chain of ${site.name}\n`, key: secret("key") }]),
    ),
    ca: "authority\n",
    storage: { accessKey: secret("access"), secretKey: secret("storage") },
    redisPassword: secret("redis"),
    mirrorPassword: secret("mirror"),
    notifications: Object.fromEntries(notifications.map(({ name }) => [name, secret(`notification-${name}`)])),
    trusted: Object.fromEntries(named.map((path) => [path, "trusted\n"])),
  };
}

/** The releases of the first site of an environment. */
export function releasesOf(environment: Environment, secrets = secretsOf(environment), images = IMAGES): Release[] {
  return render(environment, siteOf(environment), secrets, images);
}

/** The release of the first node. */
export function firstRelease(environment: Environment, secrets = secretsOf(environment), images = IMAGES): Release {
  const [release] = releasesOf(environment, secrets, images);
  if (release === undefined) throw new Error("a site has a node");
  return release;
}

/** Everything that the files of the first node are made from. */
export function nodeContext(environment: Environment): NodeContext {
  const site = siteOf(environment);
  const [node] = site.nodes;
  if (node === undefined) throw new Error("a site has a node");
  return { environment, site, node, secrets: secretsOf(environment), images: IMAGES };
}

/** The file at a path, which must be there. */
export function fileAt(release: Release, path: string): ReleaseFile {
  const file = release.files.find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`${release.node} has no ${path}`);
  return file;
}
