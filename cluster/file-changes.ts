import { createTwoFilesPatch } from "diff";
import type { Unit } from "../release/release.js";
import { type FileState, sameState } from "./file-state.js";
import type { HostFacts } from "./host-facts.js";
import type { Wanted, WantedFile } from "./wanted.js";

/** One file that differs between a host and its release. */
export interface FileChange {
  readonly path: string;
  readonly change: "add" | "change" | "remove";
  /** The part of a node that acts on it. */
  readonly unit: Unit;
  /** @default - the file is not there */
  readonly before?: FileState;
  /** @default - the file goes away */
  readonly after?: FileState;
  /** Whether it is not what the release now on the host has put there: somebody edited it. */
  readonly drifted: boolean;
  /** Whether it holds secrets, so that its diff is made of masked texts. */
  readonly sensitive: boolean;
  /**
   * Unified diff without secrets, beginning at the first hunk. Empty when only secrets, rights or owners differ.
   * @default - the texts are not known
   */
  readonly diff?: string;
  /** Whether secrets in it differ that the diff cannot show. */
  readonly secretsChange: boolean;
}

/** What must happen to the files of a host, sorted by path; stale files that some earlier release has put there go. */
export function fileChanges(wanted: Wanted, facts: HostFacts): FileChange[] {
  const changed = wanted.files.flatMap((file) => changeOf(file, facts));
  const known = new Set(wanted.files.map((file) => file.path));
  const stale = [...facts.files]
    .filter(([path]) => !known.has(path))
    .map(([path, before]) => removal(path, before, facts));
  return [...changed, ...stale].sort((one, other) => (one.path < other.path ? -1 : 1));
}

function changeOf(file: WantedFile, facts: HostFacts): FileChange[] {
  const { path, unit, sensitive, state: after } = file;
  const before = facts.files.get(path);
  if (before === undefined) {
    const drifted = facts.released.has(path);
    return [{ path, change: "add", unit, after, drifted, sensitive, ...diffFrom("", file), secretsChange: false }];
  }
  if (sameState(before, after)) return [];
  const drifted = isDrifted(path, before, facts);
  const text = textBefore(file, before, drifted, facts);
  return [
    {
      path,
      change: "change",
      unit,
      before,
      after,
      drifted,
      sensitive,
      ...(text === undefined ? {} : diffFrom(text, file)),
      secretsChange: sensitive && before.sha256 !== after.sha256 && text === file.masked,
    },
  ];
}

/** What a file holds now, without secrets. Of a sensitive one only the release that has put it there can tell. */
function textBefore(file: WantedFile, before: FileState, drifted: boolean, facts: HostFacts): string | undefined {
  if (before.sha256 === file.state.sha256) return file.masked;
  return file.sensitive && drifted ? undefined : facts.texts.get(file.path);
}

function removal(path: string, before: FileState, facts: HostFacts): FileChange {
  return {
    path,
    change: "remove",
    unit: "nothing",
    before,
    drifted: isDrifted(path, before, facts),
    sensitive: false,
    secretsChange: false,
  };
}

/** A file that an interrupted change has put there already counts as edited too: nobody can tell them apart. */
function isDrifted(path: string, before: FileState, facts: HostFacts): boolean {
  const released = facts.released.get(path);
  return released !== undefined && !sameState(before, released);
}

/** Without the lines that name the two files: the path says it. */
function diffFrom(before: string, file: WantedFile): { readonly diff: string } {
  if (before === file.masked) return { diff: "" };
  const patch = createTwoFilesPatch(file.path, file.path, before, file.masked, "", "", { context: 2 });
  return { diff: patch.slice(patch.indexOf("@@")) };
}
