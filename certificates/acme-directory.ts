import type { LetsEncrypt } from "../spec/certificate.js";

/** Directories of Let's Encrypt (letsencrypt.org/docs/acme-protocol-updates, /docs/staging-environment). */
const LETS_ENCRYPT = {
  production: "https://acme-v02.api.letsencrypt.org/directory",
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
} as const;

/** Where a CA's conversation begins. */
export function directoryUrl({ directory }: Pick<LetsEncrypt, "directory">): string {
  return directory === "production" || directory === "staging" ? LETS_ENCRYPT[directory] : directory;
}

/** How a CA is called where people read it. */
export function caName({ directory }: Pick<LetsEncrypt, "directory">): string {
  if (directory === "production") return "Let's Encrypt";
  return directory === "staging" ? "Let's Encrypt's staging environment" : new URL(directory).host;
}
