import type { Host } from "../hosts/host.js";
import { quoted } from "../hosts/quote.js";
import type { Operator } from "./cluster.js";
import { PLACES } from "./places.js";
import type { Step } from "./progress.js";

/** A line of a node's journal. A begin without an end was interrupted. */
export interface JournalLine {
  /** By the host's clock, ISO 8601. */
  readonly at: string;
  readonly event: "begin" | "end" | "failed";
  readonly step: Step;
  /** Name of the release it belongs to. */
  readonly release: string;
  readonly who: string;
  readonly command: string;
  /** Exit code of a step that failed. */
  readonly code?: number;
}

/** What the lines of one step say about it. */
export interface JournalEntry {
  readonly step: Step;
  readonly release: string;
  readonly operator: Operator;
}

/** Lines that are kept. */
const KEPT_LINES = 2000;

/** The script of a step that tells the host's own journal when it begins and how it ends. */
export function journalled({ step, release, operator }: JournalEntry, script: string): string {
  const about = JSON.stringify({ step, release, who: operator.who, command: operator.command }).slice(1, -1);
  return `
umask 022
mkdir -p ${PLACES.records}
journal() { printf '{"at":"%s","event":"%s",%s%s}\\n' "$(date -u +%FT%TZ)" "$1" ${quoted(about)} "$2" >> ${PLACES.journal}; }
trap 'code=$?; if [ $code = 0 ]; then journal end ""; else journal failed ",\\"code\\":$code"; fi' EXIT
journal begin ""
${script}
`;
}

/** Shortens the journal. */
export const TRIM_JOURNAL = `
tail -n ${KEPT_LINES} ${PLACES.journal} > ${PLACES.journal}.partial
mv -f ${PLACES.journal}.partial ${PLACES.journal}`;

/** The last lines of a node's journal, the newest at the end. */
export async function readJournal(host: Host, lines: number): Promise<JournalLine[]> {
  return jsonLines<JournalLine>(await host.read(`tail -n ${lines} ${PLACES.journal} 2>/dev/null || true`));
}

/** Reads lines of JSON that we have written; one that a full disk has cut short is left out. */
export function jsonLines<T>(text: string): T[] {
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as T];
    } catch {
      return [];
    }
  });
}
