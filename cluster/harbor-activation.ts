import type { Host } from "../hosts/host.js";
import { HARBOR_PATHS } from "../release/harbor-layout.js";
import { Problem } from "../spec/problem.js";
import { type Activation, markScript } from "./activation.js";
import { journalled } from "./journal.js";

/** Milliseconds that `prepare` may take: it makes configuration, and certificates are given to it. */
const PREPARE_TIME = 120_000;
/** Milliseconds that a migration with the dump before it may take: of a large Harbor it takes an hour. */
const MIGRATION_TIME = 4 * 3_600_000;
/** Milliseconds that making and starting all containers takes at the most, besides the stopping of the old ones. */
const START_TIME = 300_000;

/** Has Harbor's own `prepare` make its configuration, puts the cluster's seeds in and reads what came out. */
export async function prepareHarbor({ host, wanted, entry }: Activation): Promise<void> {
  const script = `${HARBOR_PATHS.program} prepare ${wanted.harbor?.prepared ?? ""}`;
  await host.change("prepare Harbor", journalled(entry, script), { timeout: PREPARE_TIME });
}

/**
 * Brings the data base to the version of this Harbor, before any core of it runs.
 * @throws Problem `harbor/migration-failed`
 */
export async function migrateDatabase({ host, entry }: Activation): Promise<void> {
  const script = `${HARBOR_PATHS.program} migrate`;
  try {
    await host.change("migrate the data base", journalled(entry, script), { timeout: MIGRATION_TIME });
  } catch (error) {
    if (!(error instanceof Problem) || error.details.code !== "host/command-failed") throw error;
    throw migrationFailed(host, error);
  }
}

/** The old containers end what they have begun while the fronts ask the other nodes. */
export async function makeHarbor({ host, wanted, entry, stopTime }: Activation): Promise<void> {
  const script = `${HARBOR_PATHS.program} restart\n${markScript(wanted, "registryMade")}`;
  await host.change("make Harbor's containers", journalled(entry, script), { timeout: 2 * stopTime + START_TIME });
}

function migrationFailed({ node }: Host, { details }: Problem): Problem {
  return new Problem({
    code: "harbor/migration-failed",
    says: `the data base of Harbor was not brought to this version from ${node.name}`,
    instead:
      "Harbor's core was not started anew; what it says stands below. Mend it and give the same command again, or restore the dump that was made before, when the schema is dirty",
    ...(details.log === undefined ? {} : { log: details.log }),
  });
}
