import type { DataFile, DataNode, DataServicesContext } from "../data-context.js";
import { DATA_PATHS } from "../data-layout.js";
import { templateFile } from "../files.js";
import type { Templates } from "../templates.js";
import { etcdView } from "../views/etcd.js";

/** What etcd reads. All of it needs a restart. */
export function etcdFiles(templates: Templates, context: DataServicesContext, node: DataNode): DataFile[] {
  const kind = { component: "etcd", unit: "etcd", view: etcdView(context, node) } as const;
  return [
    templateFile(templates, { ...kind, path: DATA_PATHS.etcdConfig }),
    templateFile(templates, { ...kind, path: DATA_PATHS.etcdStart, mode: 0o755 }),
    templateFile(templates, { ...kind, path: DATA_PATHS.etcdUnit }),
  ];
}
