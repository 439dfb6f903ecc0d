import { templateFile, verbatimFile } from "../files.js";
import { PATHS } from "../layout.js";
import { needed } from "../missing.js";
import type { ReleaseFile } from "../release.js";
import type { Templates } from "../templates.js";
import { frontView } from "../views/front.js";
import { haproxyView } from "../views/haproxy.js";
import { nginxView } from "../views/nginx.js";
import type { NodeContext } from "../views/node-view.js";

/** What the front's container reads. All of it is taken over by a reload. */
export function frontFiles(templates: Templates, context: NodeContext): ReleaseFile[] {
  const files = context.environment.front.kind === "nginx" ? nginxFiles : haproxyFiles;
  return [...files(templates, context), ...clientAuthorities(context), ...registryAuthorities(context)];
}

function nginxFiles(templates: Templates, context: NodeContext): ReleaseFile[] {
  const { chain, key } = siteCertificate(context);
  const kind = { unit: "front", containers: true } as const;
  return [
    templateFile(templates, { ...kind, component: "nginx", path: PATHS.nginxConfig, view: nginxView(context) }),
    verbatimFile({ ...kind, path: PATHS.certificate }, [chain]),
    verbatimFile({ ...kind, path: PATHS.certificateKey }, [key]),
  ];
}

function haproxyFiles(templates: Templates, context: NodeContext): ReleaseFile[] {
  const { chain, key } = siteCertificate(context);
  const kind = { unit: "front", containers: true } as const;
  const view = haproxyView(context);
  return [
    templateFile(templates, { ...kind, component: "haproxy", path: PATHS.haproxyConfig, view }),
    templateFile(templates, { ...kind, component: "haproxy", path: PATHS.haproxyDrain, view }),
    verbatimFile({ ...kind, path: PATHS.certificateAndKey }, [chain, key]),
  ];
}

function siteCertificate({ secrets, site }: NodeContext) {
  return needed(secrets.certificates[site.name], `the certificate of site ${site.name}`);
}

function clientAuthorities({ environment, secrets }: NodeContext): ReleaseFile[] {
  const path = environment.registry.clientCertificates?.ca;
  if (path === undefined) return [];
  const authorities = needed(secrets.trusted[path], `the text of ${path}`);
  return [verbatimFile({ path: PATHS.clientAuthorities, unit: "front", containers: true }, [authorities])];
}

function registryAuthorities(context: NodeContext): ReleaseFile[] {
  if (!frontView(context).harbor?.verifies) return [];
  return [verbatimFile({ path: PATHS.registryAuthorities, unit: "front", containers: true }, [context.secrets.ca])];
}
