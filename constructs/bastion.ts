import type { NamedProps } from "./named.js";

/** A small machine with a public address that SSH jumps over. It holds nothing and may be remade at any time. */
export interface BastionProps extends NamedProps {
  /** Zone it stands in. */
  readonly zone: string;
  /** Instance type. @default - the smallest that this version was tested with */
  readonly size?: string;
  /** Id of the machine image. @default - the newest of the system that this version was tested with */
  readonly image?: string;
  /** Public key of operators, as OpenSSH writes it. */
  readonly sshPublicKey: string;
}
