import { expect, test } from "vitest";
import { plannedInventory } from "../../spec/inventory.js";
import { parseEnvironment } from "../../spec/parse.js";
import { fileText } from "../arbitrary/environment.js";
import { host, hosts, local } from "./environments.js";

const files = { identity: "state/lab_ed25519" };

/** The only site of what a file plans. */
function siteOf(environment: ReturnType<typeof local>) {
  const [site] = plannedInventory(parseEnvironment(fileText(environment), "prod.yaml"), files).sites;
  return site;
}

test("three local nodes stand at .11 to .13, their floating address at .100, their storage at .10", () => {
  const site = siteOf(local());
  expect(site?.nodes.map(({ name, address }) => [name, address])).toEqual([
    ["node-1", "198.18.0.11"],
    ["node-2", "198.18.0.12"],
    ["node-3", "198.18.0.13"],
  ]);
  expect(site?.entry).toEqual({ from: "floating", address: "198.18.0.100", routerId: 51, advertMilliseconds: 250 });
  expect(site?.storage).toMatchObject({ endpoint: "http://198.18.0.10:7070", forcePathStyle: true });
  expect(site?.nodes[0]?.ssh).toEqual({ user: "root", port: 22, identityFile: "state/lab_ed25519" });
});

test("one node is its own entry", () => {
  expect(siteOf(local({}, { nodes: { count: 1 } }))?.entry).toEqual({ from: "node", address: "198.18.0.11" });
  expect(siteOf({ ...hosts(), sites: [{ name: "a", provider: "hosts", hosts: [host(1)] }] })?.entry).toEqual({
    from: "node",
    address: "10.20.0.11",
  });
});

test("a local balancer stands on the services host", () => {
  expect(siteOf(local({}, { entry: { from: "balancer" } }))?.entry).toEqual({
    from: "balancer",
    address: "198.18.0.10",
  });
});

test("given hosts are reached as it is written, and reach each other at their private addresses", () => {
  const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";
  const far = {
    address: "node-1.example.com",
    privateAddress: "10.0.0.1",
    user: "admin",
    port: 2222,
    identityFile: "key",
    hostKey,
  };
  const site = siteOf(hosts({ hosts: [host(1, far), host(2)] }));
  expect(site?.nodes).toEqual([
    {
      site: "cellar",
      name: "node-1",
      address: "node-1.example.com",
      privateAddress: "10.0.0.1",
      ssh: { user: "admin", port: 2222, identityFile: "key", hostKeys: [hostKey] },
    },
    {
      site: "cellar",
      name: "node-2",
      address: "10.20.0.12",
      privateAddress: "10.20.0.12",
      ssh: { user: "root", port: 22 },
    },
  ]);
  expect(site).not.toHaveProperty("storage");
});

test("a published port and another network are carried on", () => {
  const site = siteOf(local({}, { publish: 8443, network: { cidr: "198.19.4.0/22" } }));
  expect(site).toMatchObject({ published: 8443, entry: { address: "198.19.4.100" } });
  expect(site?.nodes.map(({ ssh }) => ssh.proxy?.kind)).toEqual(["container", "container", "container"]);
});
