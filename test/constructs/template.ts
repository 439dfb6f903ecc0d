import { createRequire } from "node:module";
import {
  DefaultTokenResolver,
  StringConcat,
  TerraformDataSource,
  TerraformElement,
  TerraformResource,
  type TerraformStack,
  Testing,
  Tokenization,
} from "cdktf";

/** The arguments of one resource, as they stand in Terraform's JSON. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What a stack becomes, found by type and by path of the construct below the stack: network/vpc. */
export interface Template {
  /** All resources of a type, by path. */
  resources(type: string): Readonly<Record<string, Arguments>>;
  /** One resource. @throws when there is none, with the paths that there are */
  resource(type: string, path: string): Arguments;
  /** Paths of all resources with their types: aws_vpc network/vpc. */
  readonly addresses: readonly string[];
  /** All data sources of a type, by path. */
  dataSources(type: string): Readonly<Record<string, Arguments>>;
  /** How others refer to something: ${aws_vpc.network_vpc_1A2B3C4D.id}. */
  reference(type: string, path: string, attribute: string): string;
  /** What a construct tells, as it stands in the JSON: a reference where only the cloud knows. */
  resolved(value: unknown): unknown;
  /** The whole JSON. */
  readonly json: string;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Arguments>>>>;

interface Found {
  readonly type: string;
  readonly path: string;
  /** Name within its type. */
  readonly id: string;
}

// A token remembers in which line it was made, and each line is looked up in a source map: more than half of a synthesis.
createRequire(import.meta.url)("cdktf/lib/tokens/private/stack-trace.js").captureStackTrace = () => [];

const resolver = new DefaultTokenResolver(new StringConcat());

/** Synthesizes a stack as Terraform would get it. */
export function synthesized(stack: TerraformStack): Template {
  const json = Testing.synth(stack);
  const { resource = {}, data = {} }: { resource?: Blocks; data?: Blocks } = JSON.parse(json);
  const found = (kind: (element: TerraformElement) => boolean): Found[] =>
    stack.node
      .findAll()
      .filter((node) => TerraformElement.isTerraformElement(node))
      .filter(kind)
      .map((element) => ({
        type: typeOf(element),
        path: element.node.path.slice(stack.node.path.length + 1),
        id: element.friendlyUniqueId,
      }));
  const resources = found((element) => TerraformResource.isTerraformResource(element));
  const dataSources = found((element) => TerraformDataSource.isTerraformDataSource(element));

  const ofType = (all: readonly Found[], blocks: Blocks, type: string) =>
    Object.fromEntries(
      all.filter((one) => one.type === type).map(({ path, id }) => [path, blocks[type]?.[id] ?? {}] as const),
    );
  const the = (all: readonly Found[], type: string, path: string): Found => {
    const match = all.find((one) => one.type === type && one.path === path);
    if (match !== undefined) return match;
    throw new Error(`no ${type} at ${path}; there is ${all.map((one) => `${one.type} ${one.path}`).join(", ")}`);
  };

  return {
    json,
    resolved: (value) => Tokenization.resolve(value, { scope: stack, resolver, preparing: false }),
    addresses: resources.map(({ type, path }) => `${type} ${path}`),
    resources: (type) => ofType(resources, resource, type),
    dataSources: (type) => ofType(dataSources, data, type),
    resource: (type, path) => resource[type]?.[the(resources, type, path).id] ?? {},
    reference: (type, path, attribute) => {
      const { id } = the([...resources, ...dataSources], type, path);
      const prefix = resources.some((one) => one.id === id && one.type === type) ? "" : "data.";
      return `\${${prefix}${type}.${id}.${attribute}}`;
    },
  };
}

function typeOf(element: TerraformElement): string {
  return TerraformResource.isTerraformResource(element) || TerraformDataSource.isTerraformDataSource(element)
    ? element.terraformResourceType.replace(/^data\./, "")
    : "";
}

/** A policy or another document that stands as text in an argument. */
export function documentIn(text: unknown): unknown {
  if (typeof text !== "string") throw new TypeError(`a document is text, not ${typeof text}`);
  return JSON.parse(text);
}
