import { access, caches, validations } from "./refusal-cases/access.js";
import { certificates } from "./refusal-cases/certificates.js";
import { cloudCare } from "./refusal-cases/cloud-care.js";
import { cloudNetworks, clouds } from "./refusal-cases/clouds.js";
import { engines, harborStorages } from "./refusal-cases/harbor.js";
import { harborReleases } from "./refusal-cases/harbor-release.js";
import { harborServices } from "./refusal-cases/harbor-services.js";
import { harborSettings } from "./refusal-cases/harbor-settings.js";
import { harborSoftware } from "./refusal-cases/harbor-software.js";
import { durations, limits } from "./refusal-cases/limits.js";
import type { RefusalCase } from "./refusal-cases/refusal-case.js";
import { entries, networks, sitesAndHosts } from "./refusal-cases/sites.js";
import { storages } from "./refusal-cases/storage.js";

/** A case for each refusal there is. */
export const refusalCases: readonly RefusalCase[] = [
  ...sitesAndHosts,
  ...entries,
  ...networks,
  ...certificates,
  ...cloudNetworks,
  ...clouds,
  ...cloudCare,
  ...storages,
  ...access,
  ...caches,
  ...validations,
  ...limits,
  ...durations,
  ...engines,
  ...harborStorages,
  ...harborServices,
  ...harborSoftware,
  ...harborReleases,
  ...harborSettings,
];
