import type { Host } from "../hosts/host.js";
import { quoted } from "../hosts/quote.js";
import type { Operator } from "./cluster.js";
import { jsonLines } from "./journal.js";
import { PLACES } from "./places.js";

/** One change of a node's release. */
export interface AuditLine {
  /** By the host's clock, ISO 8601. */
  readonly at: string;
  readonly who: string;
  readonly command: string;
  readonly node: string;
  /** Names of releases; "none" where there was none, or is none any more. */
  readonly from: string;
  readonly to: string;
}

/** Shell that writes an audit line; the variable `from` holds the release before. */
export function auditScript(operator: Operator, node: string, to: string): string {
  const about = JSON.stringify({ who: operator.who, command: operator.command, node, to }).slice(1, -1);
  return `
mkdir -p ${PLACES.logs}
printf '{"at":"%s","from":"%s",%s}\\n' "$(date -u +%FT%TZ)" "\${from:-none}" ${quoted(about)} >> ${PLACES.audit}`;
}

/** The last changes of a node's release, the newest at the end. */
export async function readAudit(host: Host, lines: number): Promise<AuditLine[]> {
  return jsonLines<AuditLine>(await host.read(`tail -n ${lines} ${PLACES.audit} 2>/dev/null || true`));
}
