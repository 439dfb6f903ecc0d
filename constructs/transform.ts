/**
 * The way to reach inside a construct: gets what it is about to make, gives what shall be made instead.
 * @example transform: { vpc: (config) => ({ ...config, enableNetworkAddressUsageMetrics: true }) }
 */
export type Transform<Config> = (config: Config) => Config;

/** The configuration after a user's change, if there is one. */
export function transformed<Config>(config: Config, transform: Transform<Config> | undefined): Config {
  return transform === undefined ? config : transform(config);
}
