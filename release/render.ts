import type { Environment } from "../spec/environment.js";
import type { SiteInventory } from "../spec/inventory.js";
import { filesDigest, unitDigests } from "./digest.js";
import { templateFile } from "./files.js";
import { PATHS } from "./layout.js";
import { floatingFiles } from "./parts/floating-files.js";
import { frontFiles } from "./parts/front-files.js";
import { harborFiles } from "./parts/harbor-files.js";
import { hostFiles } from "./parts/host-files.js";
import { registryFiles } from "./parts/registry-files.js";
import type { Images, Release, ReleaseFile, ReleaseSecrets } from "./release.js";
import { loadTemplates, type Templates } from "./templates.js";
import { composeView } from "./views/compose.js";
import { harborImagesOf } from "./views/harbor-program.js";
import type { NodeContext } from "./views/node-view.js";

/**
 * The releases of a site, one for each of its nodes and in their order. The same input gives the same bytes: no clock,
 * no random number, no network, no disk but the templates.
 * @throws Problem `release/missing` when a secret or the site's storage is not there although the environment needs it
 */
export function render(
  environment: Environment,
  site: SiteInventory,
  secrets: ReleaseSecrets,
  images: Images,
): Release[] {
  const templates = loadTemplates();
  return site.nodes.map((node) => renderNode(templates, { environment, site, node, secrets, images }));
}

function renderNode(templates: Templates, context: NodeContext): Release {
  const { environment, images, node } = context;
  const isHarbor = environment.registry.engine === "harbor";
  const registry = isHarbor ? harborFiles(templates, context) : registryFiles(templates, context);
  const front = images[environment.front.kind];
  const files = [
    ...registry,
    ...frontFiles(templates, context),
    ...floatingFiles(templates, context),
    ...hostFiles(templates, context),
    composeFile(templates, context, registry),
  ].sort((one, other) => (one.path < other.path ? -1 : 1));
  return {
    node: node.name,
    digest: filesDigest(files),
    files,
    images: isHarbor ? [...harborImagesOf(context), front] : [images.registry, front],
    units: unitDigests(files),
  };
}

/** Comes last: it names the digest of what the registry reads, so that another one makes its container anew. */
function composeFile(templates: Templates, context: NodeContext, registry: readonly ReleaseFile[]): ReleaseFile {
  const view = composeView(context, unitDigests(registry).registry);
  return templateFile(templates, { component: "compose", path: PATHS.compose, unit: "service", view });
}
