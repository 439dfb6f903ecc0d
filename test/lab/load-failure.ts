/** How an operation failed, as far as its message tells. */
export type FailureKind =
  /** The connection was cut while a fault happened: its bytes were on their way from or to the node that died. */
  | "bytes-on-their-way"
  /** The connection was cut though nothing was broken at that time. */
  | "cut"
  /** The connection was cut between a question and its answer: no byte of a layer was on its way. */
  | "unanswered"
  /** The registry or its front answered with an error. */
  | "answered"
  /** No connection could be made. */
  | "unreachable"
  /** What came is not what was pushed. */
  | "wrong-digest"
  /** It took longer than any client waits. */
  | "timeout"
  | "other";

/** One push or pull. Times are milliseconds since the epoch. */
export interface Operation {
  readonly action: "push" | "pull";
  readonly tag: string;
  readonly began: number;
  readonly ended: number;
  /** Digest of the manifest that was pushed, or should be pulled. */
  readonly digest: string;
  /** What the client wrote. @default - it succeeded */
  readonly error?: string;
}

/** A fault that was injected: it happened somewhere between two moments. */
export interface Fault {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

export interface Failure extends Operation {
  readonly error: string;
  readonly kind: FailureKind;
}

/** Messages of Go's net and net/http, which skopeo passes on; most telling first. */
const MESSAGES: readonly (readonly [RegExp, FailureKind])[] = [
  [/wrong digest|digest differs|does not match/i, "wrong-digest"],
  [/killed after|deadline exceeded/, "timeout"],
  [/connection refused|no route to host|host is unreachable|dial tcp .*timeout|handshake timeout/i, "unreachable"],
  [/\b(Get|Head|Post|Delete) \\?"[^"]*": (EOF|read tcp|http2|net\/http)/, "unanswered"],
  [
    /\bEOF\b|connection reset|broken pipe|use of closed network connection|stream error|server closed|i\/o timeout|connection timed out/i,
    "cut",
  ],
  [/HTTP status|StatusCode|status code|errors:|toomanyrequests|unavailable/i, "answered"],
];

/** Tells what a failed operation died of. */
export function failureOf(operation: Operation & { readonly error: string }, faults: readonly Fault[]): Failure {
  const kind = MESSAGES.find(([pattern]) => pattern.test(operation.error))?.[1] ?? "other";
  const isStruck = kind === "cut" && faults.some(({ from, to }) => operation.began <= to && from <= operation.ended);
  return { ...operation, kind: isStruck ? "bytes-on-their-way" : kind };
}
