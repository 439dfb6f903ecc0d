/** A public DNS zone into which records may be written. */
export interface DnsZone {
  /** Its name: example.com. */
  readonly name: string;
  /**
   * Puts a text beside the others that a name has; done when the provider says that all its servers know it.
   * @param name - below the zone, without a final dot: _acme-challenge.registry.example.com
   * @throws Problem `dns/…`
   */
  add(name: string, text: string): Promise<void>;
  /**
   * Looks at a name as {@link add} does before it changes something: proves zone and credentials, and changes nothing.
   * @throws Problem `dns/…`
   */
  look(name: string): Promise<void>;
  /** Takes a text away and leaves the others of the name. One that is not there is no mistake. */
  remove(name: string, text: string): Promise<void>;
}

/** Seconds that others may keep an answer. Alibaba Cloud's free edition takes no less than 600, Route 53 takes anything. */
export const RECORD_TTL = { alidns: 600, route53: 60 } as const;
