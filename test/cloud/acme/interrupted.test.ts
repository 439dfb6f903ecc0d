import { once } from "node:events";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { obtainCertificate, type Wish } from "../../../certificates/obtain.js";
import { openZoneWith } from "../../../certificates/open-zone.js";
import { acmeRecord } from "../../../secrets/acme-record.js";
import type { SecretStore } from "../../../secrets/store.js";
import { Secret } from "../../../spec/secret.js";
import { StoreFolder } from "../../secrets/fixture.js";
import { AcmeWorld, HOSTNAME, ZONE } from "./acme-world.js";
import { startAsker } from "./start-asker.js";

let world: AcmeWorld;
beforeAll(async () => {
  world = await AcmeWorld.start();
  for (const [name, value] of Object.entries(world.variables)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world?.stop();
});

function wish(resolvers: string[]): Wish {
  const dns = { provider: "alidns" as const, zone: ZONE, resolvers };
  const wanted = { from: "lets-encrypt" as const, dns, directory: world.directory, renewBefore: "30d" };
  return { site: "here", hostname: HOSTNAME, wanted, ca: world.ca };
}

async function ask(store: SecretStore, notes: string[] = []) {
  const openZone = openZoneWith(store, "prod");
  const note = (line: string) => void notes.push(line);
  return obtainCertificate(wish([world.resolver]), { store, openZone, note, clock: () => new Date() });
}

test("killed while its record is in DNS: the next run takes the record away and goes on with the order", async () => {
  const folder = await StoreFolder.make();
  const operator = folder.operator();
  // A name server that never answers holds it between order and proof.
  const asker = startAsker({ store: folder.path, identityFile: operator.identityFile, wish: wish(["127.0.0.1:1"]) });
  onTestFinished(() => void asker.kill("SIGKILL"));
  await said(asker, /record _acme-challenge\.\S+ made/);
  await vi.waitUntil(() => world.zone.names.length > 0, 10_000);
  asker.kill("SIGKILL");
  await once(asker, "exit");
  const [left] = world.zone.texts(`_acme-challenge.${HOSTNAME}`);
  expect(left).toBeDefined();

  const store = await operator.open();
  const [orders, notes] = [world.logged(/There are now \d+ orders/), [] as string[]];
  await ask(store, notes);
  expect(notes[0]).toContain("going on with an order that was begun earlier (pending)");
  expect(world.logged(/There are now \d+ orders/)).toBe(orders);
  expect(world.zone.history).toContain(`- ${left}`);
  expect(world.zone.names).toEqual([]);
  expect(acmeRecord(await operator.open(), "here").records).toEqual([]);
});

test("killed after the CA has issued: the next run fetches that certificate and asks for no other", async () => {
  const operator = (await StoreFolder.make()).operator();
  const store = await operator.open();
  const dying: SecretStore = {
    ...store,
    async save() {
      if (acmeRecord(store, "here").issued !== undefined) throw new Error("killed");
      return store.save();
    },
  };
  await expect(ask(dying)).rejects.toThrow("killed");
  const issuedByCa = world.logged(/Issued certificate serial/);
  expect(issuedByCa).toBeGreaterThan(0);

  const notes: string[] = [];
  const { chain } = await ask(await operator.open(), notes);
  expect(notes).toEqual(["going on with an order that was begun earlier (valid)"]);
  expect(world.logged(/Issued certificate serial/)).toBe(issuedByCa);
  expect(acmeRecord(await operator.open(), "here").issued?.chain).toBe(chain);
});

test("an order that the CA has given up is not taken up again", async () => {
  const store = await (await StoreFolder.make()).operator().open();
  const gone = { directory: world.directory, hostname: HOSTNAME, url: `${world.directory}/no-order`, key: "x" };
  store.set("acme/here", new Secret(JSON.stringify({ order: gone })));
  await expect(ask(store)).resolves.toBeDefined();
});

function said(program: ReturnType<typeof startAsker>, line: RegExp): Promise<void> {
  let text = "";
  return new Promise((resolve, reject) => {
    program.stdout.on("data", (more: Buffer) => {
      text += more;
      if (line.test(text)) resolve();
    });
    program.once("exit", (code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
}
