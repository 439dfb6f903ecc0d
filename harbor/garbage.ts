import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { parsedJson } from "../spec/parsed-json.js";
import { Problem } from "../spec/problem.js";
import type { HarborClient } from "./client.js";

const PATH = "/system/gc";

/** How garbage is collected. */
export interface CollectionOptions {
  /** Only find out what could be deleted. */
  readonly dryRun: boolean;
  /** Delete artifacts without a tag, too. */
  readonly untagged: boolean;
  /** Layers that are deleted at the same time: 1 to 10. */
  readonly workers: number;
  /** Told the status whenever it changes: Pending, Running. */
  readonly onStatus: (status: string) => void;
  /** Milliseconds between two questions how far it is. @default 2000 */
  readonly every?: number;
}

/** What a collection has brought, or would bring. */
export interface Collection {
  /** Harbor's number of it; its log is found by it. */
  readonly id: string;
  /** Bytes. Harbor counts a layer once, however many images have it. */
  readonly freed: number;
  readonly blobs: number;
  readonly manifests: number;
}

const history = z.object({ job_status: z.string().default("Pending"), job_parameters: z.string().nullish() });
const result = z.object({
  freed_space: z.number().default(0),
  purged_blobs: z.number().default(0),
  purged_manifests: z.number().default(0),
});

/** What the job writes last when all went well. What Harbor says of its status may be half a minute behind. */
const DONE = "success to run gc in job";
const LOG_LINES = 10;

/**
 * Has Harbor delete the layers that no image needs any more, and waits for the end of it: minutes, or hours for a large
 * storage. It goes on without us.
 * @throws Problem `gc/failed`, `gc/stopped`
 */
export async function collectGarbage(client: HarborClient, options: CollectionOptions): Promise<Collection> {
  const { dryRun, untagged, workers, onStatus, every = 2_000 } = options;
  const id = await client.post(`${PATH}/schedule`, {
    schedule: { type: "Manual" },
    parameters: { delete_untagged: untagged, delete_tag: false, dry_run: dryRun, workers },
  });
  let told = "";
  for (;;) {
    const found = await client.get(`${PATH}/${id}`, history);
    const status = found?.job_status ?? "Pending";
    if (status !== told) onStatus(status);
    told = status;
    if (status === "Error" || status === "Stopped") throw await failed(client, id, status);
    if (status === "Success" || (await hasEnded(client, id))) return { id, ...(await resultOf(client, id)) };
    await pause(every);
  }
}

async function hasEnded(client: HarborClient, id: string): Promise<boolean> {
  return (await client.text(`${PATH}/${id}/log`))?.includes(DONE) ?? false;
}

async function resultOf(client: HarborClient, id: string): Promise<Omit<Collection, "id">> {
  const found = await client.get(`${PATH}/${id}`, history);
  const parsed = result.safeParse(parsedJson(found?.job_parameters ?? ""));
  const { freed_space, purged_blobs, purged_manifests } = parsed.success ? parsed.data : result.parse({});
  return { freed: freed_space, blobs: purged_blobs, manifests: purged_manifests };
}

async function failed(client: HarborClient, id: string, status: string): Promise<Problem> {
  const log = (await client.text(`${PATH}/${id}/log`)) ?? "";
  const lines = log.trimEnd().split("\n").slice(-LOG_LINES);
  if (status === "Stopped") {
    return new Problem({
      code: "gc/stopped",
      says: `somebody has stopped collection ${id}; what it had deleted by then is gone`,
      instead: "run the command again: it goes on with what is left",
    });
  }
  return new Problem({
    code: "gc/failed",
    says: `collection ${id} has failed; what it had deleted by then is gone`,
    instead: "mend what the last lines of its log say, then run the command again: it goes on with what is left",
    log: lines,
  });
}
