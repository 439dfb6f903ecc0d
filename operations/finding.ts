/** What a look at one thing has brought. */
export interface Finding {
  /** Stable name of what was looked at: credentials, zones, engine. */
  readonly check: string;
  /** warning: it works, or may; problem: it does not. */
  readonly state: "ok" | "warning" | "problem";
  /** What was found, in the user's words. */
  readonly says: string;
  /** How to mend it. @default - nothing to mend */
  readonly instead?: string;
}

export function ok(check: string, says: string): Finding {
  return { check, state: "ok", says };
}

export function warning(check: string, says: string, instead: string): Finding {
  return { check, state: "warning", says, instead };
}

export function problem(check: string, says: string, instead: string): Finding {
  return { check, state: "problem", says, instead };
}
