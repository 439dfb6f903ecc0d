/** The way to a field: keys of mappings and indices of lists, from the top of the file. */
export type FieldPath = readonly (string | number)[];

/** A field as people read it: `sites[0].nodes.count`. The top of the file is the empty text. */
export function fieldName(path: FieldPath): string {
  return path.reduce<string>((name, step) => {
    if (typeof step === "number") return `${name}[${step}]`;
    return name === "" ? step : `${name}.${step}`;
  }, "");
}

/** The way to a field whose name {@link fieldName} has made. */
export function fieldPath(name: string): FieldPath {
  return [...name.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? (key ?? "") : Number(index),
  );
}

/** Puts indices and keys, in their order, into the `[]` and `*` of a pattern: `sites[].hosts[].name` and 0, 1. */
export function fieldAt(pattern: string, at: FieldPath): string {
  const rest = [...at];
  return pattern.replace(/\[\]|\*/g, (gap) => (gap === "*" ? `${rest.shift()}` : `[${rest.shift()}]`));
}

/** Whether a pattern means this field, whatever stands in its lists: `sites[].nodes.count` and `sites.nodes.count`. */
export function names(pattern: string, plainField: string): boolean {
  const wanted = pattern.replaceAll("[]", "").split(".");
  const given = plainField.split(".");
  return wanted.length === given.length && wanted.every((step, index) => step === "*" || step === given[index]);
}
