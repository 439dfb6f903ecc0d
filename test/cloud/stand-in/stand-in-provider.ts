import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type handleUnaryCall, Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import { type AnyDefinition, loadSync } from "@grpc/proto-loader";
import * as z from "zod";
import { readKept, type TypeSchema } from "../../../providers/alicloud/schema.js";
import { PROVIDER_PINS } from "../../../supply/pins.js";
import { registryHost } from "../../../supply/provider-source.js";
import type { Terraform } from "../../../supply/terraform.js";
import { CloudError } from "./cloud-error.js";
import { withUnknown } from "./computed.js";
import { replacing } from "./force-new.js";
import { readOnlyArguments } from "./read-only.js";
import { HalfMade, StandInCloud } from "./stand-in-cloud.js";
import { equal, isObject, type ObjectValue, readValue, toValue, type Value, writeValue } from "./value.js";
import { wireSchema } from "./wire-schema.js";

const wireValue = z
  .object({ msgpack: z.instanceof(Uint8Array) })
  .nullish()
  .transform((value): Value => readValue(value?.msgpack ?? new Uint8Array()));

const onResource = z.object({ type_name: z.string() });
const readSchema = onResource.extend({ current_state: wireValue });
const planSchema = onResource.extend({ prior_state: wireValue, proposed_new_state: wireValue });
const applySchema = onResource.extend({ prior_state: wireValue, planned_state: wireValue, config: wireValue });
const upgradeSchema = onResource.extend({ raw_state: z.object({ json: z.instanceof(Uint8Array) }) });
const importSchema = onResource.extend({ id: z.string() });
const configSchema = onResource.extend({ config: wireValue });
const providerSchema = z.object({ config: wireValue });

const NO_OBJECT: ObjectValue = {};

/**
 * Stands in for the provider of Alibaba Cloud: Terraform and OpenTofu speak with it as with the real one, of the same
 * resources and arguments, and what they make is made in a cloud in memory. It judges no value: whether an instance
 * type exists or two arguments exclude each other, the real provider says when it plans.
 */
export class StandInProvider {
  readonly cloud = new StandInCloud();
  readonly #schema = readKept(
    readFileSync(join(import.meta.dirname, "..", "..", "..", "providers", "alicloud", "schema.json"), "utf8"),
  );
  readonly #server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  #port = 0;

  static async start(): Promise<StandInProvider> {
    const provider = new StandInProvider();
    await provider.#listen();
    return provider;
  }

  /** What has to be in the environment of a program so that it speaks with this provider. It then needs no other. */
  async environment(terraform: Terraform): Promise<Record<string, string>> {
    const address = `${await registryHost(terraform)}/${PROVIDER_PINS.alicloud.source}`;
    const attached = {
      Protocol: "grpc",
      ProtocolVersion: 5,
      Pid: process.pid,
      Test: true,
      Addr: { Network: "tcp", String: `127.0.0.1:${this.#port}` },
    };
    return { TF_REATTACH_PROVIDERS: JSON.stringify({ [address]: attached }) };
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  async #listen(): Promise<void> {
    const proto = loadSync(join(import.meta.dirname, "tfplugin5.proto"), {
      keepCase: true,
      longs: Number,
      enums: String,
      defaults: true,
    });
    this.#server.addService(service(proto["tfplugin5.Provider"]), this.#answers());
    this.#port = await new Promise((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }

  #answers(): Record<string, handleUnaryCall<unknown, object>> {
    const { provider, resources, dataSources } = this.#schema;
    const all = (types: Record<string, TypeSchema>) =>
      Object.fromEntries(Object.entries(types).map(([name, type]) => [name, wireSchema(type)]));
    const none = answer(z.unknown(), () => ({}));
    return {
      GetSchema: answer(z.unknown(), () => ({
        provider: wireSchema(provider),
        resource_schemas: all(resources),
        data_source_schemas: all(dataSources),
      })),
      PrepareProviderConfig: answer(providerSchema, ({ config }) => ({ prepared_config: wired(config) })),
      ValidateResourceTypeConfig: answer(configSchema, (asked) => validated(resources, asked)),
      ValidateDataSourceConfig: answer(configSchema, (asked) => validated(dataSources, asked)),
      Configure: none,
      Stop: none,
      UpgradeResourceState: answer(upgradeSchema, ({ raw_state }) => ({
        upgraded_state: wired(toValue(JSON.parse(Buffer.from(raw_state.json).toString("utf8")))),
      })),
      ReadResource: answer(readSchema, ({ type_name, current_state }) => ({
        new_state: wired(this.#found(type_name, current_state)),
      })),
      PlanResourceChange: answer(planSchema, (asked) => this.#plan(asked)),
      ApplyResourceChange: answer(applySchema, (asked) => this.#apply(asked)),
      ImportResourceState: answer(importSchema, ({ type_name, id }) => ({
        imported_resources: [{ type_name, state: wired(this.cloud.find(type_name, id)?.state ?? null) }],
      })),
      ReadDataSource: answer(configSchema, ({ type_name, config }) => ({
        state: wired(this.cloud.look(type_name, typed(dataSources, type_name), object(config))),
      })),
    };
  }

  #found(type: string, current: Value): Value {
    const id = object(current).id;
    return (typeof id === "string" && this.cloud.find(type, id)?.state) || null;
  }

  #plan({ type_name, prior_state, proposed_new_state }: z.output<typeof planSchema>): object {
    if (!isObject(proposed_new_state)) return { planned_state: wired(null), legacy_type_system: true };
    const { block } = typed(this.#schema.resources, type_name);
    const planned = withUnknown(block, proposed_new_state, prior_state);
    const changed = isObject(prior_state)
      ? replacing(type_name).filter((name) => !equal(prior_state[name] ?? null, planned[name] ?? null))
      : [];
    return {
      planned_state: wired(planned),
      requires_replace: changed.map((name) => ({ steps: [{ attribute_name: name }] })),
      legacy_type_system: true,
    };
  }

  async #apply({ type_name, prior_state, planned_state, config }: z.output<typeof applySchema>): Promise<object> {
    const schema = typed(this.#schema.resources, type_name);
    try {
      return { new_state: wired(await this.#change(type_name, schema, prior_state, planned_state, object(config))) };
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      const left = error instanceof HalfMade ? error.thing.state : prior_state;
      return { new_state: wired(left), diagnostics: [{ severity: "ERROR", summary: error.message }] };
    }
  }

  async #change(type: string, schema: TypeSchema, prior: Value, planned: Value, config: ObjectValue): Promise<Value> {
    if (isObject(planned)) {
      const verb = isObject(prior) ? "update" : "create";
      return this.cloud[verb](type, schema, config, planned);
    }
    await this.cloud.delete(type, object(prior));
    return null;
  }
}

/** Terraform itself finds what the schema does not have or wants; what a provider adds is said in its words. */
function validated(
  types: Record<string, TypeSchema>,
  { type_name, config }: z.output<typeof configSchema>,
): { diagnostics: object[] } {
  const paths = readOnlyArguments(typed(types, type_name).block, config);
  return { diagnostics: paths.map((path) => ({ severity: "ERROR", summary: `"${path}": this field cannot be set` })) };
}

/** A handler of the protocol: a request of the right shape gets an answer, and every failure is told. */
function answer<Request>(
  shape: z.ZodType<Request>,
  reply: (request: Request) => object | Promise<object>,
): handleUnaryCall<unknown, object> {
  return (call, respond) => {
    Promise.resolve(call.request)
      .then((request) => reply(shape.parse(request)))
      .then((response) => respond(null, response))
      .catch((error: unknown) => respond({ details: error instanceof Error ? `${error.stack}` : `${error}` }));
  };
}

function wired(value: Value): { msgpack: Buffer } {
  return { msgpack: writeValue(value) };
}

function object(value: Value): ObjectValue {
  return isObject(value) ? value : NO_OBJECT;
}

function typed(types: Record<string, TypeSchema>, name: string): TypeSchema {
  const type = types[name];
  if (type === undefined) throw new Error(`the schema has no ${name}`);
  return type;
}

/** A definition of a service holds methods; those of messages and enumerations have a format instead. */
function service(definition: AnyDefinition | undefined): ServiceDefinition {
  if (definition === undefined || "format" in definition) throw new Error("the protocol names no service");
  return definition as ServiceDefinition;
}
