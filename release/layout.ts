/** Where things lie on a host, and who may read them. Templates and cluster/ rely on these paths. */
export const PATHS = {
  registryFolder: "/etc/harborwright/registry",
  registryConfig: "/etc/harborwright/registry/config.yml",
  htpasswd: "/etc/harborwright/registry/htpasswd",
  tokenRoots: "/etc/harborwright/registry/token-roots.crt",
  frontFolder: "/etc/harborwright/front",
  nginxConfig: "/etc/harborwright/front/nginx.conf",
  haproxyConfig: "/etc/harborwright/front/haproxy.cfg",
  haproxyDrain: "/etc/harborwright/front/drain.lua",
  certificate: "/etc/harborwright/front/tls/server.crt",
  certificateKey: "/etc/harborwright/front/tls/server.key",
  /** Chain and key in one file, as HAProxy wants it. */
  certificateAndKey: "/etc/harborwright/front/tls/server.pem",
  /** CAs of the certificates that Harbor's own nginx shows to the fronts. */
  registryAuthorities: "/etc/harborwright/front/tls/registries.crt",
  clientAuthorities: "/etc/harborwright/front/tls/clients.crt",
  compose: "/etc/harborwright/compose.yaml",
  keepalivedConfig: "/etc/harborwright/floating/keepalived.conf",
  floatingCheck: "/etc/harborwright/floating/check.sh",
  floatingInterface: "/etc/harborwright/floating/find-interface.sh",
  serviceUnit: "/etc/systemd/system/harborwright.service",
  floatingUnit: "/etc/systemd/system/harborwright-floating.service",
  tmpfiles: "/etc/tmpfiles.d/harborwright.conf",
  sysctl: "/etc/sysctl.d/60-harborwright.conf",
  logrotate: "/etc/logrotate.d/harborwright",
  runFolder: "/run/harborwright",
  /** While this file exists the node's status port answers 503: the floating address and balancers leave the node. */
  drain: "/run/harborwright/drain",
  /** While this file exists the node's registry answers 503 and the fronts ask another. */
  registryDrain: "/run/harborwright/registry-drain",
  /** Written when the floating address starts: `$INTERFACE=eth0`. */
  foundInterface: "/run/harborwright/floating-interface.conf",
  /** Where the registry's container sees the folder of a `filesystem` storage. */
  containerStorage: "/var/lib/registry",
} as const;

/** User and group of everything inside the containers, as numbers: no host needs an account for them. */
export const CONTAINER_USER = 10101;
