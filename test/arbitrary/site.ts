import fc from "fast-check";
import type { EnvironmentFile } from "../../spec/environment.js";
import { addressIn } from "../../spec/names.js";
import { alicloudSites, awsSites } from "./cloud-site.js";
import type { Setting } from "./storage.js";
import { hostileText, hostnames, names, privateAddresses } from "./text.js";

export type SiteFile = EnvironmentFile["sites"][number];
type HostsFile = Extract<SiteFile, { provider: "hosts" }>;
type EntryFile = NonNullable<HostsFile["entry"]>;
type CertificateFile = NonNullable<SiteFile["certificate"]>;
type HostFile = HostsFile["hosts"][number];

/** A site with so many nodes that can be built. */
export function validSites(setting: Setting): fc.Arbitrary<SiteFile> {
  switch (setting.provider) {
    case "local":
      return localSites(setting.nodes);
    case "hosts":
      return hostSites(setting.nodes);
    case "alicloud":
      return alicloudSites(setting);
    case "aws":
      return awsSites(setting);
  }
}

function localSites(count: number): fc.Arbitrary<SiteFile> {
  const cidr = fc.constantFrom("198.18.0.0/24", "198.19.4.0/22", "198.18.7.128/25");
  return cidr.chain((block) =>
    fc.record(
      {
        name: names,
        provider: fc.constant("local" as const),
        nodes: fc.record(
          { count: fc.constant(count), memory: fc.constantFrom("2GiB", "1536MiB") },
          { requiredKeys: ["count"] },
        ),
        network: fc.constant({ cidr: block }),
        entry: entries(count, fc.constantFrom(addressIn(block, 50), addressIn(block, 100)), false),
        publish: fc.integer({ min: 1024, max: 65535 }),
        certificate: certificates(),
      },
      { requiredKeys: ["name", "provider", "nodes", "network"] },
    ),
  );
}

function hostSites(count: number): fc.Arbitrary<SiteFile> {
  return fc
    .record({
      name: names,
      hosts: hosts(count),
      entry: entries(count, fc.constant("10.99.0.100"), true),
      certificate: certificates(),
    })
    .map((site) => ({ ...site, provider: "hosts" as const }));
}

/** Hosts whose names and addresses all differ. */
function hosts(count: number): fc.Arbitrary<HostFile[]> {
  const host = fc.record(
    {
      name: names,
      address: fc.oneof(hostnames, fc.constantFrom("2001:db8::11", "203.0.113.9")),
      privateAddress: privateAddresses,
      user: fc.constantFrom("root", "admin_1"),
      port: fc.constantFrom(22, 2222),
      identityFile: hostileText(),
      hostKey: fc.constant("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE"),
    },
    { requiredKeys: ["name", "address", "privateAddress"] },
  );
  return fc
    .uniqueArray(host, { minLength: count, maxLength: count, selector: (one) => one.privateAddress })
    .map((found) =>
      found.map((one, index) => ({ ...one, name: `${one.name}${index}`, address: numbered(one.address, index) })),
    );
}

function numbered(address: string, index: number): string {
  if (address.includes(":")) return `${address}${index}`;
  return /^[0-9.]+$/.test(address) ? `203.0.113.${10 + index}` : `n${index}.${address}`;
}

function entries(count: number, floating: fc.Arbitrary<string>, addressNeeded: boolean): fc.Arbitrary<EntryFile> {
  const kinds: fc.Arbitrary<EntryFile>[] = [
    fc.record(
      {
        from: fc.constant("floating" as const),
        address: floating,
        interface: fc.constantFrom("eth0", "bond0.100"),
        routerId: fc.integer({ min: 1, max: 255 }),
        advertEvery: fc.constantFrom("100ms", "250ms", "1s", "10s"),
      },
      { requiredKeys: addressNeeded ? ["from", "address"] : ["from"] },
    ),
    addressNeeded
      ? fc.record({
          from: fc.constant("balancer" as const),
          address: fc.oneof(hostnames, fc.constantFrom("2001:db8::100", "10.99.0.200")),
        })
      : fc.constant({ from: "balancer" as const }),
  ];
  if (count === 1) kinds.push(fc.constant({ from: "node" as const }));
  return fc.oneof(...kinds);
}

function certificates(): fc.Arbitrary<CertificateFile> {
  return fc.oneof(
    fc.record(
      { from: fc.constant("own-ca" as const), validity: fc.constantFrom("90d", "397d") },
      { requiredKeys: ["from"] },
    ),
    fc.record(
      { from: fc.constant("file" as const), certificate: hostileText(), key: hostileText(), ca: hostileText() },
      { requiredKeys: ["from", "certificate", "key"] },
    ),
    fc.record(
      {
        from: fc.constant("lets-encrypt" as const),
        mail: fc.constant("ops@example.com"),
        dns: fc.record(
          {
            provider: fc.constantFrom("route53" as const, "alidns" as const),
            zone: fc.constant("example.com"),
            resolvers: fc.constantFrom<string[]>([], ["10.0.0.2", "127.0.0.1:8053"]),
          },
          { requiredKeys: ["provider", "zone"] },
        ),
        directory: fc.constantFrom("production", "staging", "https://ca.example.com:14000/dir"),
        ca: hostileText(),
        renewBefore: fc.constantFrom("1d", "30d", "60d"),
      },
      { requiredKeys: ["from", "dns"] },
    ),
  );
}
