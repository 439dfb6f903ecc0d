import { Problem, type ProblemDetails, Problems } from "../spec/problem.js";
import { KNOWN_FAILURES } from "./known-failures.js";

/** A complaint of Terraform. */
export interface Diagnostic {
  readonly summary: string;
  readonly detail: string;
  /** Resource it is about. @default - none */
  readonly address?: string;
}

/** What was run. */
export interface Run {
  /** Path of Terraform or OpenTofu. */
  readonly program: string;
  /** Folder it was run in. */
  readonly folder: string;
  /** init, plan, apply */
  readonly verb: string;
}

/** Lines of a complaint that are told along. */
const LOG_LINES = 12;

/**
 * What went wrong, in a user's words, with the complaint itself below.
 * @param text - all that was written, for complaints that came without -json
 */
export function failure(run: Run, diagnostics: readonly Diagnostic[], text: string): Problem | Problems {
  const [first, ...more] = diagnostics.length > 0 ? diagnostics : [plainDiagnostic(run, text)];
  if (first === undefined) throw new RangeError("a list that is not empty was");
  const problems = [first, ...more].map((diagnostic) => describe(run, diagnostic));
  const different = problems.filter(
    (one, index) => problems.findIndex(({ code, log }) => code === one.code && `${log}` === `${one.log}`) === index,
  );
  const [only] = different;
  return different.length === 1 && only !== undefined ? new Problem(only) : new Problems(different);
}

function describe(run: Run, diagnostic: Diagnostic): ProblemDetails {
  const whole = `${diagnostic.summary}\n${diagnostic.detail}`;
  const lock = lockedBy(run, whole);
  if (lock !== undefined) return lock;
  const where = diagnostic.address === undefined ? "" : ` (${diagnostic.address})`;
  const known = KNOWN_FAILURES.find(({ sign }) => sign.test(whole));
  const fill = (line: string) => line.replaceAll("{{program}}", run.program).replaceAll("{{folder}}", run.folder);
  return {
    code: `infrastructure/${known?.code ?? `${run.verb}-failed`}`,
    says: `${known?.says ?? `Terraform cannot ${run.verb}: ${diagnostic.summary}`}${where}`,
    instead: fill(
      known?.instead ?? "mend what it complains about and give the same command again: it goes on from what is made",
    ),
    log: told(whole),
  };
}

/** A lock that somebody else holds, or that was left by a run that was killed. */
function lockedBy({ program, folder }: Run, text: string): ProblemDetails | undefined {
  if (!/Error acquiring the state lock|state lock/i.test(text)) return undefined;
  const field = (name: string) => new RegExp(`^\\s*${name}:\\s+(\\S.*?)\\s*$`, "m").exec(text)?.[1];
  const id = field("ID");
  const [who, since] = [field("Who"), field("Created")];
  return {
    code: "infrastructure/state-locked",
    says: `${who ?? "somebody"} is at work on this site${since === undefined ? "" : ` since ${since.slice(0, 19)}`}: the state is locked`,
    instead:
      id === undefined
        ? "wait until they are done"
        : `wait until they are done; if their run is dead for certain: ${program} -chdir=${folder} force-unlock ${id}`,
    log: told(text),
  };
}

/** The first of several complaints says only that there are some. */
const HEADING = /^Error: (Terraform|OpenTofu) encountered problems/;

/** What stands in the frame that Terraform draws around a complaint, or the last lines when there is none. */
function plainDiagnostic({ verb }: Run, text: string): Diagnostic {
  const lines = text
    .split("\n")
    .map((line) => line.replace(/^[│╷╵|]\s?/, "").trimEnd())
    .filter((line) => line !== "");
  const start = lines.findIndex((line) => line.startsWith("Error: ") && !HEADING.test(line));
  if (start < 0) return { summary: `${verb} failed`, detail: lines.slice(-LOG_LINES).join("\n") };
  return { summary: (lines[start] ?? "").slice("Error: ".length), detail: lines.slice(start + 1).join("\n") };
}

function told(text: string): string[] {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.slice(0, LOG_LINES);
}
