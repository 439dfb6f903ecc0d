const FOLDER = "/etc/harborwright/harbor";

/** Where Harbor's files lie on a host. What `prepare` makes of them lies below {@link HARBOR_PREPARED}. */
export const HARBOR_PATHS = {
  folder: FOLDER,
  /** What Harbor's own `prepare` reads. */
  config: `${FOLDER}/harbor.yml`,
  /** The program that puts the seeds in place before and after `prepare`. */
  seed: `${FOLDER}/seed.sh`,
  /** The program that reads what `prepare` and the seeding have made. */
  check: `${FOLDER}/check.sh`,
  /** The program that runs `prepare`, migrates, starts and stops Harbor. */
  program: `${FOLDER}/harbor.sh`,
  /** What is said of Harbor's containers besides what `prepare` writes: their images by content. */
  override: `${FOLDER}/compose.override.yaml`,
  /** The same for the one that migrates: it logs to us, not to Harbor's log, which may not run yet. */
  migration: `${FOLDER}/compose.migration.yaml`,
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

/** Holds a folder for each output of `prepare`, named by the digest of its input, and the dumps. */
export const HARBOR_PREPARED = "/var/lib/harborwright/harbor";

/** The compose project of Harbor's containers. */
export const HARBOR_PROJECT = "harborwright-harbor";

/** User and group of everything in Harbor's containers. */
export const HARBOR_USER = 10000;
