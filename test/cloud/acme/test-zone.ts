/** A zone's texts, which pebble's DNS server gives to whoever asks. */
export class TestZone {
  readonly name: string;
  readonly #management: string;
  readonly #texts = new Map<string, string[]>();
  /** Every text that was ever put in or taken out, in order: "+ value", "- value". */
  readonly history: string[] = [];

  /** @param management - URL of the DNS server's own interface */
  constructor(name: string, management: string) {
    this.name = name;
    this.#management = management;
  }

  texts(name: string): readonly string[] {
    return this.#texts.get(name) ?? [];
  }

  /** All names that have a text. */
  get names(): string[] {
    return [...this.#texts].filter(([, texts]) => texts.length > 0).map(([name]) => name);
  }

  async set(name: string, texts: readonly string[]): Promise<void> {
    const before = this.texts(name);
    this.history.push(
      ...before.filter((text) => !texts.includes(text)).map((text) => `- ${text}`),
      ...texts.filter((text) => !before.includes(text)).map((text) => `+ ${text}`),
    );
    this.#texts.set(name, [...texts]);
    await this.#tell("clear-txt", { host: `${name}.` });
    for (const value of texts) await this.#tell("set-txt", { host: `${name}.`, value });
  }

  async #tell(what: string, body: object): Promise<void> {
    const { ok, status } = await fetch(`${this.#management}/${what}`, { method: "POST", body: JSON.stringify(body) });
    if (!ok) throw new Error(`${what}: HTTP ${status}`);
  }
}
