import * as z from "zod";
import type { Shape } from "./shape.js";

/** What does not block a pull, as Harbor writes it: of a project, or of all. */
export const allowList = z.object({
  items: z.array(z.object({ cve_id: z.string() })).nullish(),
  expires_at: z.number().nullish(),
});

/** As it can be compared. */
export function foundAllowList(list: z.output<typeof allowList> | null | undefined): Shape {
  return { allowedCves: (list?.items ?? []).map((item) => item.cve_id).sort(), allowedUntil: list?.expires_at ?? 0 };
}

/** As settings want it; nothing of it when they do not say. */
export function wantedAllowList(
  list: { readonly cves: readonly string[]; readonly until?: string | undefined } | undefined,
): Shape {
  return list === undefined ? {} : { allowedCves: [...list.cves].sort(), allowedUntil: endOf(list.until) };
}

/** As it is sent. */
export function sentAllowList({ allowedCves, allowedUntil }: Shape) {
  const items = Array.isArray(allowedCves) ? allowedCves.map((id) => ({ cve_id: `${id}` })) : [];
  return { items, ...(allowedUntil ? { expires_at: allowedUntil } : {}) };
}

/** The last second of a day, UTC, as Harbor counts it. */
function endOf(day: string | undefined): number {
  return day === undefined ? 0 : Date.parse(`${day}T23:59:59Z`) / 1000;
}
