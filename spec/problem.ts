/** Where in an environment file a problem lies. Lines and columns count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a user is told when something cannot be done. */
export interface ProblemDetails {
  /** Stable name of this kind of problem: `storage/oss-on-distribution-3`, `ssh/host-key-changed`. */
  readonly code: string;
  /** What is wrong, in the user's words and with the value got; lower case, no final period. */
  readonly says: string;
  /** What is allowed and how to mend it, the next command to type if there is one. */
  readonly instead: string;
  /** Field of the environment file: `registry.storage.kind`. */
  readonly field?: string | undefined;
  readonly location?: Location | undefined;
  /** Where the fact comes from. */
  readonly source?: string | undefined;
  /** The last lines of the log that tells why. */
  readonly log?: readonly string[] | undefined;
}

/** An error that is meant to be read by a user. Everything else that is thrown is a defect of ours. */
export class Problem extends Error {
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails) {
    super(`${details.says}; ${details.instead}`);
    this.name = "Problem";
    this.details = details;
  }
}

/** Several problems found at once, as in an environment file. */
export class Problems extends Error {
  readonly problems: readonly ProblemDetails[];

  constructor(problems: readonly ProblemDetails[]) {
    super(problems.map((problem) => problem.says).join("\n"));
    this.name = "Problems";
    this.problems = problems;
  }
}
