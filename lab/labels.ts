/** Labels by which the lab knows its own containers, volumes and networks. */
export const ENVIRONMENT_LABEL = "harborwright.environment";
/** Name of the host: node-1, services. */
export const HOST_LABEL = "harborwright.host";
/** The state folder that the lab was made from. */
export const STATE_LABEL = "harborwright.state";
/** Digest of all that a container was made with. */
export const RECIPE_LABEL = "harborwright.recipe";

/** Filters of `docker … ls` for what belongs to an environment's lab. */
export function ofLab(environment: string): string[] {
  return ["--filter", `label=${ENVIRONMENT_LABEL}=${environment}`];
}
