/** Architectures as Debian names them. */
export type Architecture = "amd64" | "arm64";

/** family, generation, attributes: c 7 gn, im 4 gn, u7i-12tb has none of these. */
const TYPE = /^([a-z]+)(\d+)([a-z-]*)/;

/**
 * The architecture of an instance type: Graviton processors have a "g" among the attributes after the generation
 * (c7g, m6gd, im4gn), and a1 came before that rule.
 * Source: EC2, naming conventions of instance types.
 */
export function architectureOf(size: string): Architecture {
  const [, family, , attributes = ""] = TYPE.exec(size) ?? [];
  return family === "a" || attributes.includes("g") ? "arm64" : "amd64";
}

/** Families from before every machine had a connection of its own to its disks. */
const SHARED_DISK_CONNECTION = /^(t[12]|[cmr][1-3]|cc2|cr1|g2|hi1|hs1|i2)\./;

/** Whether disks are reached over a connection of their own, which costs nothing where EC2 has it. */
export function hasDiskConnection(size: string): boolean {
  return !SHARED_DISK_CONNECTION.test(size);
}
