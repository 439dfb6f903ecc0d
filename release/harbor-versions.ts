import type { EngineVersion, HarborVersion } from "../spec/engine.js";

/** What differs between the versions of Harbor, as far as its harbor.yml goes: the one place that knows. */
export interface HarborRelease {
  /** `_version`: which form of harbor.yml this is. */
  readonly form: string;
  /** Whether it reads where Trivy's data bases come from. */
  readonly trivyRepositories: boolean;
}

const RELEASES: Readonly<Record<HarborVersion, HarborRelease>> = {
  "2.15": { form: "2.15.0", trivyRepositories: true },
  "2.14": { form: "2.14.0", trivyRepositories: false },
  "2.13": { form: "2.13.0", trivyRepositories: false },
};

/** @throws RangeError when the version is none of Harbor's, which the environment's schema refuses */
export function harborRelease(version: EngineVersion): HarborRelease {
  const found = Object.entries(RELEASES).find(([name]) => name === version);
  if (found === undefined) throw new RangeError(`Harbor has no version ${version}`);
  return found[1];
}
