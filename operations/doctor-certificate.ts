import { PROVIDER_NAMES } from "../certificates/cloud-keys.js";
import { openZoneWith } from "../certificates/open-zone.js";
import { Problem } from "../spec/problem.js";
import { askingSites } from "./certificates.js";
import { type Finding, ok, problem } from "./finding.js";
import { openSecrets } from "./secret-store.js";
import type { Workspace } from "./workspace.js";

/** Whether the zones in which certificates are proved can be read with the credentials at hand; changes nothing. */
export async function certificateFindings(workspace: Workspace): Promise<Finding[]> {
  const { environment, registry } = workspace.environment;
  const look = async ({
    provider,
    zone,
  }: {
    readonly provider: keyof typeof PROVIDER_NAMES;
    readonly zone: string;
  }) => {
    try {
      const open = openZoneWith(await openSecrets(workspace), environment);
      await (await open(provider, zone)).look(`_acme-challenge.${registry.hostname}`);
      return ok("certificate", `${zone} is a zone of ${PROVIDER_NAMES[provider]}, open to these credentials`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return problem("certificate", error.details.says, error.details.instead);
    }
  };
  return Promise.all(askingSites(workspace.environment).map(({ wanted }) => look(wanted.dns)));
}
