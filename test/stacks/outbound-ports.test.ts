import { expect, test } from "vitest";
import { isCloud } from "../../spec/cloud/sites.js";
import type { EnvironmentFile } from "../../spec/environment.js";
import { environmentSchema } from "../../spec/environment.js";
import { portsBetweenNodes } from "../../stacks/harbor-ports.js";
import { outboundPorts } from "../../stacks/outbound-ports.js";
import { aws, minio } from "../spec/environments.js";

function portsOf(
  registry: Partial<EnvironmentFile["registry"]>,
  site: Parameters<typeof aws>[0] = {},
  rest: Pick<EnvironmentFile, "harbor"> = {},
): number[] {
  const environment = environmentSchema.parse({ ...aws(site, registry), ...rest });
  const [only] = environment.sites.filter((one) => isCloud(one));
  if (only === undefined) throw new RangeError("the environment has one site on a cloud");
  return outboundPorts(environment, only);
}

test("nodes whose images are in the site's own bucket need no port of their own", () => {
  expect(portsOf({})).toEqual([]);
  expect(portsOf({}, { bucket: { endpoint: "https://vpce-1.s3.example.com:8443" } })).toEqual([8443]);
});

test("the ports of storage, mirror, receivers of events and Redis are open, each once", () => {
  const ports = portsOf({
    storage: minio,
    mirror: { upstream: "http://mirror.example.com" },
    notifications: [
      { name: "a", url: "https://a.example.com:8443/events" },
      { name: "b", url: "https://b.example.com:8443" },
    ],
    cache: { kind: "redis", addresses: ["redis.example.com:6379"] },
  });
  expect(ports).toEqual([80, 6379, 8443, 9000]);
});

test("of Harbor those of given services, of whom it copies from, tells and asks for people are open", () => {
  const ports = portsOf(
    { engine: "harbor" },
    {},
    {
      harbor: {
        database: { kind: "given", host: "postgresql.example.com", port: 6432 },
        redis: { kind: "given", addresses: ["sentinel.example.com:26379"], sentinelMaster: "harbor" },
        proxy: { https: "http://proxy.example.com:3128" },
        log: { forward: { host: "logs.example.com", port: 6514 } },
        settings: {
          login: { kind: "ldap", url: "ldaps://ldap.example.com", baseDn: "dc=example" },
          system: { auditForward: { address: "syslog.example.com:1514" } },
          registries: [{ name: "other", kind: "harbor", url: "https://other.example.com:8443" }],
          projects: [
            { name: "team", webhooks: [{ name: "ci", url: "https://ci.example.com:9443", events: ["push"] }] },
          ],
        },
      },
    },
  );
  expect(ports).toEqual([636, 1514, 3128, 6432, 6514, 8443, 9443, 26379]);
});

test("nodes that carry Harbor's services ask each other at their ports, with the cloud's or with Distribution at none", () => {
  const between = (rest: Pick<EnvironmentFile, "harbor">, engine: "harbor" | "distribution" = "harbor") =>
    portsBetweenNodes(environmentSchema.parse({ ...aws({}, { engine }), ...rest }));
  expect(between({})).toEqual([2379, 2380, 5432, 5433, 6379, 8008, 26379]);
  expect(between({ harbor: { database: { kind: "managed" }, redis: { kind: "managed" } } })).toEqual([]);
  expect(between({}, "distribution")).toEqual([]);
});
