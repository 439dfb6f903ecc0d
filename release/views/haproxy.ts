import { type FrontView, frontView } from "./front.js";
import type { NodeContext } from "./node-view.js";

/** Seconds over which HAProxy counts new layers. */
const PUSH_WINDOW_SECONDS = 10;

/** What haproxy.cfg says. */
export interface HaproxyView extends FrontView {
  /** Statuses that HAProxy makes itself when no registry serves a request. */
  readonly gatewayErrors: readonly number[];
  /** Protocols offered in the TLS handshake. */
  readonly alpn: string;
  /** A pull-through mirror fetches from far away: its first byte may take long. */
  readonly mirror: boolean;
  readonly pushWindowSeconds: number;
  /** New layers within the window after which the answer is 429: HAProxy counts, it does not queue. */
  readonly pushesPerWindow: number;
}

export function haproxyView(context: NodeContext): HaproxyView {
  const view = frontView(context);
  return {
    ...view,
    gatewayErrors: [502, 503, 504],
    alpn: view.http2 ? "h2,http/1.1" : "http/1.1",
    mirror: context.environment.registry.mirror !== undefined,
    pushWindowSeconds: PUSH_WINDOW_SECONDS,
    pushesPerWindow: view.pushesPerSecond * PUSH_WINDOW_SECONDS + view.burst,
  };
}
