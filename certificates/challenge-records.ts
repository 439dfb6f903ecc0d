import { type AcmeRecord, acmeRecord, keepAcmeRecord } from "../secrets/acme-record.js";
import type { SecretStore } from "../secrets/store.js";
import type { LetsEncrypt } from "../spec/certificate.js";
import { Problem } from "../spec/problem.js";
import type { DnsZone } from "./dns-zone.js";

/** Opens a zone for writing. */
export type OpenZone = (provider: LetsEncrypt["dns"]["provider"], zone: string) => Promise<DnsZone>;

type PlacedRecord = AcmeRecord["records"][number];

/**
 * The records of one site's challenges. Each is written down in the store before it is put into DNS and struck off when it
 * is gone from there, so that a run that was killed in between leaves nothing that the next one does not take away.
 * Records of others at the same name are not touched.
 */
export class ChallengeRecords {
  readonly #store: SecretStore;
  readonly #site: string;
  readonly #openZone: OpenZone;
  readonly #note: (line: string) => void;

  constructor(store: SecretStore, site: string, openZone: OpenZone, note: (line: string) => void) {
    this.#store = store;
    this.#site = site;
    this.#openZone = openZone;
    this.#note = note;
  }

  /** Puts a record into DNS while something is done with it, and takes it away whatever comes of it. */
  async during<T>(record: PlacedRecord, work: () => Promise<T>): Promise<T> {
    const zone = await this.#openZone(record.provider, record.zone);
    await this.#remember((records) => [...records, record]);
    try {
      await zone.add(record.name, record.value);
      return await work();
    } finally {
      await this.#takeAway(record);
    }
  }

  /** Takes away what earlier runs have left. */
  async clear(): Promise<void> {
    for (const record of acmeRecord(this.#store, this.#site).records) await this.#takeAway(record);
  }

  /** One that cannot be taken away now stays in the list for the next run. */
  async #takeAway(record: PlacedRecord): Promise<void> {
    try {
      const zone = await this.#openZone(record.provider, record.zone);
      await zone.remove(record.name, record.value);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // A zone that is not there holds no record. Otherwise it may: it does no harm, and must not hide a failure.
      if (error.details.code === "dns/zone-not-found") return this.#forget(record);
      this.#note(`the record ${record.name} could not be taken away: ${error.details.says}`);
      return;
    }
    await this.#forget(record);
  }

  #forget({ name, value }: PlacedRecord): Promise<void> {
    return this.#remember((records) => records.filter((one) => one.value !== value || one.name !== name));
  }

  async #remember(change: (records: readonly PlacedRecord[]) => PlacedRecord[]): Promise<void> {
    const known = acmeRecord(this.#store, this.#site);
    keepAcmeRecord(this.#store, this.#site, { ...known, records: change(known.records) });
    await this.#store.save();
  }
}
