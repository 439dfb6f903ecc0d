import type { NamedProps } from "./named.js";

/** A key of the cloud's key service that never leaves it. */
export interface EncryptionKeyProps extends NamedProps {
  /** What it encrypts, for the reader of the console. */
  readonly description: string;
  /**
   * Days in which a deletion can be called off. What a key has encrypted is lost with it.
   * @default 30
   */
  readonly deletionWindowDays?: number;
  /** Make new key material each year; what is old stays readable. @default true */
  readonly rotate?: boolean;
  /** Refuse to delete it by accident. @default true */
  readonly protect?: boolean;
}

/** A key as what it encrypts needs it: one made here, or one that you have. */
export interface SiteKey {
  /** AWS: its ARN. Alibaba Cloud: its id. */
  readonly id: string;
}

/** The longest time that both clouds allow to think a deletion over. */
export const DELETION_WINDOW_DAYS = 30;
