import { templateFile, verbatimFile } from "../files.js";
import { PATHS } from "../layout.js";
import { needed } from "../missing.js";
import type { ReleaseFile } from "../release.js";
import type { Templates } from "../templates.js";
import type { NodeContext } from "../views/node-view.js";
import { registryConfigView } from "../views/registry-config.js";

/** What the registry's container reads. */
export function registryFiles(templates: Templates, context: NodeContext): ReleaseFile[] {
  return [configFile(templates, context), ...passwordFile(context), ...tokenRoots(context)];
}

/** The one place that branches on the major version: each has a template of its own. */
function configFile(templates: Templates, context: NodeContext): ReleaseFile {
  const major = context.environment.registry.version.startsWith("2.") ? "v2" : "v3";
  return templateFile(templates, {
    component: `distribution/${major}`,
    path: PATHS.registryConfig,
    unit: "registry",
    containers: true,
    sensitive: true,
    view: registryConfigView(context),
  });
}

/**
 * The password file. Nobody must act when it changes: both majors read it again when its time of modification is
 * another (registry/auth/htpasswd/access.go), although the documentation says "once, at startup".
 */
function passwordFile({ environment, secrets }: NodeContext): ReleaseFile[] {
  if (environment.registry.authentication.kind !== "htpasswd") return [];
  const lines = needed(secrets.htpasswd, "the password file");
  return [verbatimFile({ path: PATHS.htpasswd, unit: "nothing", containers: true }, [lines])];
}

function tokenRoots({ environment, secrets }: NodeContext): ReleaseFile[] {
  const authentication = environment.registry.authentication;
  if (authentication.kind !== "token") return [];
  const path = authentication.rootCertificates;
  const roots = needed(secrets.trusted[path], `the text of ${path}`);
  return [verbatimFile({ path: PATHS.tokenRoots, unit: "registry" }, [roots])];
}
