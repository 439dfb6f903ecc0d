const FOLDER = "/etc/harborwright/harbor";

/** Where Harbor's files lie on a host. The installer of its release and what that makes lie elsewhere. */
export const HARBOR_PATHS = {
  folder: FOLDER,
  /** What Harbor's own `prepare` reads. */
  config: `${FOLDER}/harbor.yml`,
  /** The program that puts the seeds in place before and after `prepare`. */
  seed: `${FOLDER}/seed.sh`,
  /** The program that reads what `prepare` and the seeding have made. */
  check: `${FOLDER}/check.sh`,
  secretKey: `${FOLDER}/seeds/secretkey`,
  tokenKey: `${FOLDER}/seeds/private_key.pem`,
  tokenCertificate: `${FOLDER}/seeds/root.crt`,
  passwords: `${FOLDER}/seeds/passwd`,
  /** A line `KEY=value` for each seed that stands in an env file, and for the registry's. */
  values: `${FOLDER}/seeds/env`,
  /** CAs that Harbor's programs shall trust besides, one a file. `prepare` empties the folder it has for them. */
  trusted: (name: string) => `${FOLDER}/trusted/${name}.crt`,
  /** CAs that `prepare` itself copies, because harbor.yml names them. */
  authority: (name: string) => `${FOLDER}/authorities/${name}.crt`,
  /** Certificate and key of Harbor's own nginx, when it speaks TLS. */
  certificate: `${FOLDER}/tls/server.crt`,
  certificateKey: `${FOLDER}/tls/server.key`,
  /** Certificates of the containers among each other. */
  internalTls: `${FOLDER}/tls/internal`,
} as const;

/** User and group of everything in Harbor's containers. */
export const HARBOR_USER = 10000;
