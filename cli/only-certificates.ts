import type { Plan } from "../cluster/plan.js";
import { PATHS } from "../release/layout.js";
import { Problem } from "../spec/problem.js";
import { settingsStay } from "../spec/settings-plan.js";

const FILES: readonly string[] = [PATHS.certificate, PATHS.certificateKey, PATHS.certificateAndKey];

/**
 * Refuses to bring anything but a certificate to the hosts: what renews by itself at night must not carry out what
 * somebody has begun to write into the environment file.
 * @throws Problem `renew/other-changes`
 */
export function refuseOtherChanges({ environment, hosts, resources = [], infrastructure = [], settings }: Plan): void {
  const files = hosts.flatMap((host) => host.files.map(({ path }) => path)).filter((path) => !FILES.includes(path));
  const made = resources.length === 0 ? infrastructure : resources.map(({ path }) => path);
  const inside = settingsStay(settings) ? [] : (settings?.changes.map(({ what }) => what) ?? []);
  const others = [...new Set([...made, ...files, ...inside])];
  if (others.length === 0) return;
  const shown = others.slice(0, 3).join(", ");
  throw new Problem({
    code: "renew/other-changes",
    says: `besides the certificate there are changes that are not rolled out yet: ${shown}${others.length > 3 ? ` and ${others.length - 3} more` : ""}`,
    instead: `the certificate is kept and goes out with them: harborwright plan ${environment}, then harborwright up ${environment}`,
  });
}
