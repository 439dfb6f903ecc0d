import { ipv4Number } from "./names.js";

/** How many addresses a block has. */
export function sizeOf(cidr: string): number {
  return 2 ** (32 - Number(cidr.split("/")[1]));
}

/** Whether two blocks share an address. */
export function overlap(one: string, other: string): boolean {
  const [first, second] = [one, other].map((cidr) => {
    const start = ipv4Number(cidr.split("/")[0] ?? "");
    return { start, end: start + sizeOf(cidr) };
  });
  return first !== undefined && second !== undefined && first.start < second.end && second.start < first.end;
}
