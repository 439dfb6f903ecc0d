import { wholeSeconds } from "../../spec/duration.js";
import type { HarborTrace } from "../../spec/harbor/trace.js";
import type { Secret } from "../../spec/secret.js";
import { needed } from "../missing.js";
import { plain, plainSecret } from "./harbor-plain.js";
import { seedsOf } from "./harbor-services.js";
import type { NodeContext } from "./node-view.js";

interface JaegerView {
  /** An agent, in place of the collector at `endpoint`. */
  readonly agentHost: string | undefined;
  readonly agentPort: number;
  readonly endpoint: string | undefined;
  readonly user: string | undefined;
  readonly password: Secret | undefined;
}

/** Harbor's `trace`: one of the two receivers is defined. */
export interface HarborTraceView {
  readonly sampleRate: number;
  readonly namespace: string | undefined;
  /** Absent rather than empty. */
  readonly attributes: readonly { readonly name: string; readonly value: string }[] | undefined;
  readonly jaeger: JaegerView | undefined;
  readonly otel:
    | {
        readonly endpoint: string;
        readonly path: string;
        readonly compression: boolean;
        readonly insecure: boolean;
        readonly seconds: number;
      }
    | undefined;
}

export function harborTraceView(context: NodeContext, trace: HarborTrace): HarborTraceView {
  const { sampleRate, namespace, jaeger, otel } = trace;
  const attributes = Object.entries(trace.attributes).map(([name, value]) => ({
    name: plain(name, "harbor.trace.attributes"),
    value: plain(value, `harbor.trace.attributes.${name}`),
  }));
  return {
    sampleRate,
    namespace: namespace && plain(namespace, "harbor.trace.namespace"),
    attributes: attributes.length > 0 ? attributes : undefined,
    jaeger: jaeger && jaegerView(context, jaeger),
    otel: otel && {
      endpoint: plain(otel.endpoint, "harbor.trace.otel.endpoint"),
      path: otel.path,
      compression: otel.compression,
      insecure: otel.insecure,
      seconds: wholeSeconds(otel.timeout),
    },
  };
}

function jaegerView(context: NodeContext, jaeger: NonNullable<HarborTrace["jaeger"]>): JaegerView {
  const { agentHost, agentPort, user } = jaeger;
  const password = () => needed(seedsOf(context).jaegerPassword, "the secret harbor/jaeger-password");
  return {
    agentHost,
    agentPort,
    endpoint: jaeger.endpoint && plain(jaeger.endpoint, "harbor.trace.jaeger.endpoint"),
    user: user && plain(user, "harbor.trace.jaeger.user"),
    password: user === undefined ? undefined : plainSecret(password(), "harbor/jaeger-password"),
  };
}
