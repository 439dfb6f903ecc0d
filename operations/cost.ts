import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ZodError } from "zod";
import { type Estimate, estimate } from "../cost/estimate.js";
import { type PriceTable, readPriceTable } from "../cost/price-table.js";
import type { Usage } from "../cost/usage.js";
import { managedServices } from "../spec/cloud/services.js";
import { isCloud } from "../spec/cloud/sites.js";
import { Problem } from "../spec/problem.js";
import type { Workspace } from "./workspace.js";

/**
 * What each cloud site of an environment costs in a month. Asks no cloud: prices come from a dated table.
 * @param prices - a table of the user's own. @default - those of this version
 * @throws Problem `cost/no-cloud`, `cost/unknown-region`, `cost/unknown-size`, `cost/prices-unreadable`
 */
export async function estimates({ environment }: Workspace, usage: Usage, prices?: string): Promise<Estimate[]> {
  const sites = environment.sites.filter(isCloud);
  if (sites.length === 0) throw noCloud(environment.environment);
  const extent = { images: environment.registry.storage.kind === "managed", services: managedServices(environment) };
  return Promise.all(
    sites.map(async (site) => {
      const table = await priceTable(
        prices ?? fileURLToPath(new URL(`../cost/prices/${site.provider}.json`, import.meta.url)),
      );
      return estimate(site, extent, table, usage);
    }),
  );
}

async function priceTable(file: string): Promise<PriceTable> {
  try {
    return readPriceTable(await readFile(file, "utf8"));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [issue] = error instanceof ZodError ? error.issues : [];
    throw new Problem({
      code: "cost/prices-unreadable",
      says: `${file} is no price table: ${issue === undefined ? error.message : `${issue.path.join(".")}: ${issue.message}`}`,
      instead: "those in cost/prices show the form",
    });
  }
}

function noCloud(environment: string): Problem {
  return new Problem({
    code: "cost/no-cloud",
    says: `${environment} has no site on a cloud: what its hosts cost only you know`,
    instead: "name an environment whose provider is alicloud or aws",
  });
}
