import type { DataFile, DataNode, DataServicesContext, DataUnit } from "../data-context.js";
import { DATA_PATHS } from "../data-layout.js";
import { templateFile, verbatimFile } from "../files.js";
import { needed } from "../missing.js";
import type { Templates } from "../templates.js";

const HOST_FILES: readonly { readonly path: string; readonly unit: DataUnit; readonly mode?: number }[] = [
  { path: DATA_PATHS.tmpfiles, unit: "folders" },
  { path: DATA_PATHS.sysctl, unit: "kernel" },
  { path: DATA_PATHS.filter, unit: "filter", mode: 0o755 },
  { path: DATA_PATHS.filterUnit, unit: "filter" },
];

/** What belongs to the host itself: folders, the kernel's settings, who may reach it, the node's certificate. */
export function dataHostFiles(templates: Templates, context: DataServicesContext, node: DataNode): DataFile[] {
  const view = {
    addresses: [...context.nodes.map(({ address }) => address), ...context.clients],
    ports: Object.values(context.settings.ports),
    paths: DATA_PATHS,
  };
  const { certificate, key } = needed(
    context.certificates[node.name],
    `the certificate of ${node.name} for its data services`,
  );
  return [
    ...HOST_FILES.map((file) => templateFile(templates, { component: "data-services", view, ...file })),
    // PostgreSQL and Patroni take a new certificate with a reload; etcd reads its own at every handshake.
    verbatimFile({ path: DATA_PATHS.certificate, unit: "postgresql" }, [certificate]),
    verbatimFile({ path: DATA_PATHS.certificateKey, unit: "postgresql", mode: 0o600 }, [key]),
    verbatimFile({ path: DATA_PATHS.authority, unit: "postgresql" }, [context.authority]),
  ];
}
