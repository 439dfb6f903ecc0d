/**
 * A password that only KMS can read: the state of Terraform holds what is given here, and the provider has it decrypted
 * while it gives the password to the service. Whoever applies needs `kms:Decrypt` on the key.
 *
 * `aliyun kms Encrypt --KeyId <key> --Plaintext <password>` gives it; another try gives another text, with which
 * the password is set once more. The password is encrypted as it is, without base64 around it.
 */
export interface EncryptedPassword {
  /** CiphertextBlob of KMS. */
  readonly kmsCiphertext: string;
  /** The EncryptionContext that it was encrypted with. @default - none */
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * An encrypted password, or `"elsewhere"`: Terraform makes nobody who could log in, and whoever keeps the password does
 * it in the console or with the cloud's own interface.
 */
export type ServicePassword = EncryptedPassword | "elsewhere";

/** The arguments that all resources with a password have for it. */
export function encryptedArguments({ kmsCiphertext, context }: EncryptedPassword) {
  return {
    kmsEncryptedPassword: kmsCiphertext,
    ...(context === undefined ? {} : { kmsEncryptionContext: { ...context } }),
  };
}
