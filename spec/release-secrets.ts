import type { HarborSeeds } from "./harbor/seeds.js";
import type { Secret } from "./secret.js";

/** All secrets that rendering reads. They are made once, by secrets/, and only read here. */
export interface ReleaseSecrets {
  /** Signs the state of uploads; the same on all nodes. */
  readonly httpSecret: Secret;
  /** Lines of the password file, bcrypt, one a user. @default - no htpasswd */
  readonly htpasswd?: Secret;
  /** Server certificate chain (PEM) and its key (PEM), by name of the site. */
  readonly certificates: Readonly<Record<string, { readonly chain: string; readonly key: Secret }>>;
  /** PEM of the CA that clients trust. */
  readonly ca: string;
  /** Access key of the storage. azure: accessKey is unused and secretKey is the account key. @default - a role, or a file system */
  readonly storage?: { readonly accessKey: Secret; readonly secretKey: Secret };
  readonly redisPassword?: Secret;
  readonly mirrorPassword?: Secret;
  /** Authorization header, by name of the receiver. */
  readonly notifications: Readonly<Record<string, Secret>>;
  /** PEM texts of files that the environment names, by the path it names them with (client CAs, token roots). */
  readonly trusted: Readonly<Record<string, string>>;
  /** @default - the engine is not Harbor */
  readonly harbor?: HarborSeeds;
}
