import type { NamedProps } from "./named.js";

/** Who changed what in the account, in all regions, written down where the machines cannot reach it. */
export type AuditTrailProps = NamedProps;
