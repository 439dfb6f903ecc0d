import type { Host } from "../hosts/host.js";
import { quoted } from "../hosts/quote.js";
import type { ReleaseSet } from "./actions.js";
import { jsonLines } from "./journal.js";
import { PLACES } from "./places.js";

/** A set of releases that all nodes ran at one time. */
export interface CompleteSet {
  /** When the last node had it, by the host's clock, ISO 8601. */
  readonly at: string;
  readonly releases: ReleaseSet;
}

/** Shell that remembers on a host that all nodes run these releases. */
export function recordScript(releases: ReleaseSet): string {
  const about = JSON.stringify({ releases }).slice(1, -1);
  return `printf '{"at":"%s",%s}\\n' "$(date -u +%FT%TZ)" ${quoted(about)} >> ${PLACES.history}`;
}

/** The sets that a host remembers, the oldest first. */
export async function readHistory(host: Host): Promise<CompleteSet[]> {
  return jsonLines<CompleteSet>(await host.read(`cat ${PLACES.history} 2>/dev/null || true`));
}
