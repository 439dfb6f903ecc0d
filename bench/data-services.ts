import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDataServices } from "../dataservices/ensure.js";
import { DataSite, KINDS } from "../test/lab/data-site.js";
import { befall, DATA_FAULTS, untilWell } from "../test/lab/data-writers.js";
import type { Figure } from "./figure.js";

/** Seconds after which writers shall be back. */
const BACK_WITHIN = 15;

/** Writers of rows and keys on three nodes, while the primaries' host is killed, hangs and is cut off. */
export async function dataServices(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "harborwright-data-"));
  const site = await DataSite.make("databench", 21, folder);
  try {
    await site.install();
    await ensureDataServices(site.cluster());
    await untilWell(site);
    await site.makeTable();
    const figures: Figure[] = [];
    for (const fault of DATA_FAULTS) {
      const noticed = await befall(site, fault);
      for (const kind of KINDS) {
        const { silence, lost } = noticed[kind];
        figures.push({
          name: `${kind}: the primary's host ${fault.name}`,
          value: `longest silence ${silence.toFixed(1)} s; ${lost.length} acknowledged writes lost`,
          target: `writers back within ${BACK_WITHIN} s, 0 lost`,
          met: silence < BACK_WITHIN && lost.length === 0,
        });
      }
    }
    return figures;
  } finally {
    await site.remove();
    await rm(folder, { recursive: true, force: true });
  }
}
