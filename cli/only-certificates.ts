import type { Plan } from "../cluster/plan.js";
import { DATA_PATHS } from "../release/data-layout.js";
import { PATHS } from "../release/layout.js";
import { Problem } from "../spec/problem.js";
import { settingsStay } from "../spec/settings-plan.js";

const FILES: readonly string[] = [PATHS.certificate, PATHS.certificateKey, PATHS.certificateAndKey];
const DATA_CERTIFICATES: readonly string[] = [DATA_PATHS.certificate, DATA_PATHS.certificateKey, DATA_PATHS.authority];

/**
 * Refuses to bring anything but a certificate to the hosts: what renews by itself at night must not carry out what
 * somebody has begun to write into the environment file.
 * @throws Problem `renew/other-changes`
 */
export function refuseOtherChanges(plan: Plan): void {
  const { environment, hosts, resources = [], infrastructure = [], settings, dataServices = [] } = plan;
  const files = hosts.flatMap((host) => host.files.map(({ path }) => path)).filter((path) => !FILES.includes(path));
  const made = resources.length === 0 ? infrastructure : resources.map(({ path }) => path);
  const data = dataServices
    .flatMap((node) => node.files.map(({ path }) => path))
    .filter((path) => !DATA_CERTIFICATES.includes(path));
  const inside = settingsStay(settings) ? [] : (settings?.changes.map(({ what }) => what) ?? []);
  const others = [...new Set([...made, ...files, ...data, ...inside])];
  if (others.length === 0) return;
  const shown = others.slice(0, 3).join(", ");
  throw new Problem({
    code: "renew/other-changes",
    says: `besides the certificate there are changes that are not rolled out yet: ${shown}${others.length > 3 ? ` and ${others.length - 3} more` : ""}`,
    instead: `the certificate is kept and goes out with them: harborwright plan ${environment}, then harborwright up ${environment}`,
  });
}
