import { obtainCertificate } from "../../../certificates/obtain.js";
import { openZoneWith } from "../../../certificates/open-zone.js";
import { openStore } from "../../../secrets/store.js";
import type { Asking } from "./start-asker.js";

const { store: path, identityFile, wish }: Asking = JSON.parse(process.argv[2] ?? "");
const store = await openStore(path, { identityFile, recipients: [] });
await obtainCertificate(wish, {
  store,
  openZone: openZoneWith(store, "prod"),
  note: (line) => console.log(line),
  clock: () => new Date(),
});
