import { harbor, release } from "../harbor-environments.js";
import type { RefusalCase } from "./refusal-case.js";

const file = "harbor-offline-installer-v2.15.2.tgz";

/** Where Harbor's release comes from. */
export const harborReleases: readonly RefusalCase[] = [
  {
    code: "harbor/release-without-sha256",
    refused: harbor({ release: {} }),
    field: "harbor.release.sha256",
    allowed: harbor({ release: { from: "bundle", file } }),
  },
  {
    code: "harbor/release-without-file",
    refused: harbor({ release: { from: "bundle" } }),
    field: "harbor.release.file",
    allowed: harbor({ release: { ...release, from: "bundle", file } }),
  },
  {
    code: "harbor/release-file-unread",
    refused: harbor({ release: { ...release, file } }),
    field: "harbor.release.file",
    allowed: harbor({ release: { ...release, from: "upstream" } }),
  },
];
