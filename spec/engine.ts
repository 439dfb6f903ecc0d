/** The versions of each engine that this version of harborwright knows, the newest first. */
export const ENGINE_VERSIONS = {
  distribution: ["3.1", "2.8"],
  harbor: ["2.15", "2.14", "2.13"],
} as const;

export type Engine = keyof typeof ENGINE_VERSIONS;
export type EngineVersion = (typeof ENGINE_VERSIONS)[Engine][number];
export type HarborVersion = (typeof ENGINE_VERSIONS)["harbor"][number];

/** The version that a file gets which names none. */
export function newestOf(engine: Engine): EngineVersion {
  return ENGINE_VERSIONS[engine][0];
}

/** Whether a version is one of this engine's. */
export function isVersionOf(engine: Engine, version: EngineVersion): boolean {
  return ENGINE_VERSIONS[engine].some((one) => one === version);
}
