/**
 * Variable that is set while harborwright itself drives Terraform: the bootstrap at the end of a deployment has nothing
 * to do then, for the hosts come next anyway.
 */
export const DRIVEN_VARIABLE = "HARBORWRIGHT_DRIVES";

/** Whether this process was called by a deployment that another harborwright drives. */
export function isDriven(): boolean {
  return process.env[DRIVEN_VARIABLE] !== undefined;
}
