import type { NamedProps } from "./named.js";

/**
 * The smallest machines for a bastion. It passes bytes on: on AWS half a GiB is enough for dozens of connections, and
 * every region has these; on Alibaba Cloud it is the smallest of the economy family, which most zones have.
 */
export const SMALLEST_BASTION = {
  alicloud: "ecs.e-c1m1.large",
  aws: { amd64: "t3.nano", arm64: "t4g.nano" },
} as const;

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
