import { templateFile } from "../files.js";
import { PATHS } from "../layout.js";
import type { ReleaseFile } from "../release.js";
import type { Templates } from "../templates.js";
import { floatingView } from "../views/floating.js";
import type { NodeContext } from "../views/node-view.js";

/** What carries the floating address; nothing for a site that has none. */
export function floatingFiles(templates: Templates, context: NodeContext): ReleaseFile[] {
  const view = floatingView(context);
  if (view === undefined) return [];
  const kind = { component: "floating", unit: "floating-address", view } as const;
  return [
    templateFile(templates, { ...kind, path: PATHS.keepalivedConfig }),
    templateFile(templates, { ...kind, path: PATHS.floatingCheck, mode: 0o755 }),
    templateFile(templates, { ...kind, path: PATHS.floatingUnit }),
    ...(view.interface === undefined
      ? [templateFile(templates, { ...kind, path: PATHS.floatingInterface, mode: 0o755 })]
      : []),
  ];
}
