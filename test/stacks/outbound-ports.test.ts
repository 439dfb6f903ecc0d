import { expect, test } from "vitest";
import { isCloud } from "../../spec/cloud/sites.js";
import type { EnvironmentFile } from "../../spec/environment.js";
import { environmentSchema } from "../../spec/environment.js";
import { outboundPorts } from "../../stacks/outbound-ports.js";
import { aws, minio } from "../spec/environments.js";

function portsOf(registry: Partial<EnvironmentFile["registry"]>, site: Parameters<typeof aws>[0] = {}): number[] {
  const environment = environmentSchema.parse(aws(site, registry));
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
