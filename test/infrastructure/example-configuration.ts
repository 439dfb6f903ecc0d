import { Configuration, type ResourceBody } from "../../infrastructure/configuration.js";

/** A resource at a path of a stack "site". */
export interface ExampleResource {
  readonly path: string;
  readonly body?: ResourceBody;
}

/** A configuration with resources by address, as cdktf would write it. */
export function exampleConfiguration(
  resources: Readonly<Record<string, ExampleResource>>,
  output: unknown = {},
): Configuration {
  const resource: Record<string, Record<string, ResourceBody>> = {};
  for (const [address, { path, body = {} }] of Object.entries(resources)) {
    const [type = "", name = ""] = address.split(".");
    resource[type] = { ...resource[type], [name]: { "//": { metadata: { path: `site/${path}` } }, ...body } };
  }
  return new Configuration(
    JSON.stringify({ terraform: { backend: { local: {} } }, resource, output: { site: { value: output } } }),
  );
}
