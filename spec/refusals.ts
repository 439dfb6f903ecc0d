import type { Refusal } from "./refusal.js";
import { authenticationRefusals } from "./refusals/authentication.js";
import { availabilityRefusals } from "./refusals/availability.js";
import { cacheRefusals } from "./refusals/cache.js";
import { certificateRefusals } from "./refusals/certificate.js";
import { cloudRefusals } from "./refusals/cloud.js";
import { cloudCareRefusals } from "./refusals/cloud-care.js";
import { cloudNetworkRefusals } from "./refusals/cloud-network.js";
import { durationRefusals } from "./refusals/durations.js";
import { engineRefusals } from "./refusals/engine.js";
import { entryRefusals } from "./refusals/entry.js";
import { harborReleaseRefusals } from "./refusals/harbor-release.js";
import { harborServiceRefusals } from "./refusals/harbor-services.js";
import { harborSettingsRefusals } from "./refusals/harbor-settings.js";
import { harborSettingsNameRefusals } from "./refusals/harbor-settings-names.js";
import { harborProjectRefusals } from "./refusals/harbor-settings-projects.js";
import { harborSoftwareRefusals } from "./refusals/harbor-software.js";
import { harborStorageRefusals } from "./refusals/harbor-storage.js";
import { limitRefusals } from "./refusals/limits.js";
import { mirrorRefusals } from "./refusals/mirror.js";
import { networkRefusals } from "./refusals/network.js";
import { notificationRefusals } from "./refusals/notifications.js";
import { ossRefusals } from "./refusals/oss.js";
import { s3Refusals } from "./refusals/s3.js";
import { storageRefusals } from "./refusals/storage.js";
import { validationRefusals } from "./refusals/validation.js";

/** Every combination that is known to fail or to lose data. */
export const refusals: readonly Refusal[] = [
  ...engineRefusals,
  ...availabilityRefusals,
  ...entryRefusals,
  ...certificateRefusals,
  ...networkRefusals,
  ...cloudNetworkRefusals,
  ...cloudRefusals,
  ...cloudCareRefusals,
  ...storageRefusals,
  ...s3Refusals,
  ...ossRefusals,
  ...authenticationRefusals,
  ...mirrorRefusals,
  ...cacheRefusals,
  ...limitRefusals,
  ...durationRefusals,
  ...notificationRefusals,
  ...validationRefusals,
  ...harborStorageRefusals,
  ...harborServiceRefusals,
  ...harborSoftwareRefusals,
  ...harborReleaseRefusals,
  ...harborSettingsNameRefusals,
  ...harborProjectRefusals,
  ...harborSettingsRefusals,
];
