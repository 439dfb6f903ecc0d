import { type FrontView, frontView } from "./front.js";
import type { NodeContext } from "./node-view.js";

/** The largest number that `limit_conn` takes (ngx_http_limit_conn_module.c). */
const MOST_CONNECTIONS = 65_535;

/** What nginx.conf says. */
export interface NginxView extends FrontView {
  /** `listen … http2`, as nginx up to 1.25.0 wants it. */
  readonly http2OnListen: boolean;
  /** `http2 on;`, as nginx from 1.25.1 wants it. */
  readonly http2Directive: boolean;
  /** How registries are spoken to. */
  readonly scheme: "http" | "https";
  /** Most registries that are asked before the patient last try. */
  readonly readTries: number;
}

export function nginxView(context: NodeContext): NginxView {
  const view = frontView(context);
  const directive = knowsHttp2Directive(context.images.nginx.version);
  return {
    ...view,
    http2OnListen: view.http2 && !directive,
    http2Directive: view.http2 && directive,
    connectionsPerClient: Math.min(view.connectionsPerClient, MOST_CONNECTIONS),
    scheme: view.harbor?.tls ? "https" : "http",
    readTries: Math.min(3, view.registries.length),
  };
}

/** nginx 1.25.1 made `http2` a directive of its own and deprecated the parameter of `listen` (its CHANGES). */
function knowsHttp2Directive(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return major > 1 || (major === 1 && (minor > 25 || (minor === 25 && patch >= 1)));
}
