/** A change that reached the gate. */
export interface GatedChange {
  readonly node: string;
  /** "install 3 files" */
  readonly what: string;
}

/** The one place that every change to a host passes. */
export interface Gate {
  /** Whether changes go through. Closed by `--dry-run`. */
  readonly open: boolean;
  /** What came to it, whether it went through or not, in order. */
  readonly changes: readonly GatedChange[];
  /** Writes the change down and says whether it may happen. */
  pass(change: GatedChange): boolean;
}

/** A gate that lets every change through. */
export function openGate(): Gate {
  return gate(true);
}

/** A gate that lets nothing through and remembers what would have changed. */
export function closedGate(): Gate {
  return gate(false);
}

function gate(open: boolean): Gate {
  const changes: GatedChange[] = [];
  return {
    open,
    changes,
    pass(change) {
      changes.push(change);
      return open;
    },
  };
}
