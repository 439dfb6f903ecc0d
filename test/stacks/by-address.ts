import type { Template } from "../constructs/template.js";

/** What Terraform calls a resource, with its arguments: aws_vpc.network_vpc_1A2B3C4D. */
export function byAddress({ json }: Template): Map<string, Readonly<Record<string, unknown>>> {
  const { resource }: { resource: Record<string, Record<string, Record<string, unknown>>> } = JSON.parse(json);
  return new Map(
    Object.entries(resource).flatMap(([type, all]) =>
      Object.entries(all).map(([name, { "//": _, ...rest }]) => [`${type}.${name}`, rest] as const),
    ),
  );
}
