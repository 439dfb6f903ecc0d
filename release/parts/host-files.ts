import { templateFile } from "../files.js";
import { PATHS } from "../layout.js";
import type { ReleaseFile, Unit } from "../release.js";
import type { Templates } from "../templates.js";
import { hostView } from "../views/host.js";
import type { NodeContext } from "../views/node-view.js";

const HOST_FILES: readonly { readonly path: string; readonly unit: Unit }[] = [
  { path: PATHS.serviceUnit, unit: "service" },
  { path: PATHS.tmpfiles, unit: "service" },
  { path: PATHS.sysctl, unit: "kernel" },
  { path: PATHS.logrotate, unit: "nothing" },
];

/** What belongs to the host itself: its unit, its kernel's settings, its folders, the rotation of its logs. */
export function hostFiles(templates: Templates, context: NodeContext): ReleaseFile[] {
  const view = hostView(context);
  return HOST_FILES.map((file) => templateFile(templates, { component: "host", view, ...file }));
}
