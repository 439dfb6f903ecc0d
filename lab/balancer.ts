import type { LabLayout } from "./layout.js";

/**
 * The configuration of the lab's load balancer: it passes TCP on and looks into nothing, as a cloud's does.
 *
 * A node that answers its check with another status than 200 is drained: it gets no new connections and keeps those
 * it has. A node that answers nothing (paused, cut off, dead) is noticed within 2.2 s and its connections are closed,
 * or clients would wait for it as long as they have patience.
 */
export function balancerConfiguration(layout: LabLayout): string {
  const { https, status } = layout.ports;
  const servers = layout.nodes.map((node) => `  server ${node.name} ${node.address}:${https}`);
  return `global
  maxconn 4000

defaults
  mode tcp
  timeout connect 1s
  timeout check 700ms
  # Longer than a front waits for a slow upload.
  timeout client 10m
  timeout server 10m
  retries 3
  option redispatch 1
  option clitcpka
  option srvtcpka

frontend entry
  bind :${https}
  default_backend nodes

backend nodes
  balance leastconn
  option httpchk GET /healthz
  http-check expect status 200 error-status L7OKC
  default-server check port ${status} inter 500ms fastinter 250ms fall 2 rise 1 on-marked-down shutdown-sessions tcp-ut 3s
${servers.join("\n")}
`;
}
