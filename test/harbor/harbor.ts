import { apply } from "../../harbor/apply.js";
import { HarborClient } from "../../harbor/client.js";
import type { HarborAccess } from "../../harbor/exchange.js";
import { type Plan, plan } from "../../harbor/plan.js";
import { planText } from "../../harbor/plan-text.js";
import type { HarborSecrets } from "../../harbor/secrets.js";
import { type HarborSettingsFile, harborSettingsSchema } from "../../spec/harbor/settings/settings.js";
import { Secret } from "../../spec/secret.js";
import { type HarborServer, PASSWORD } from "./server/harbor-server.js";

/** A secret store in memory that has what anybody has to give. */
export class MemoryStore implements HarborSecrets {
  readonly kept = new Map<string, Secret>();

  get(name: string): Secret | undefined {
    const given =
      /^harbor\/(registry|preheat|webhook)\/[^/]+(\/[^/]+)?$|^harbor\/(ldap|oidc)$/.test(name) &&
      !name.endsWith("/sent");
    return this.kept.get(name) ?? (given ? new Secret(`given-${name}`) : undefined);
  }

  async keep(name: string, secret: Secret): Promise<void> {
    this.kept.set(name, secret);
  }
}

/** Settings and a store against a server. */
export class Operator {
  readonly client: HarborClient;

  constructor(
    readonly server: HarborServer,
    readonly store = new MemoryStore(),
    access: Partial<HarborAccess> = {},
  ) {
    this.client = new HarborClient({
      nodes: [server.url],
      user: "admin",
      password: new Secret(PASSWORD),
      patience: 0,
      timeout: 5_000,
      ...access,
    });
  }

  plan(file: HarborSettingsFile): Promise<Plan> {
    return plan({ client: this.client, secrets: this.store, settings: harborSettingsSchema.parse(file) });
  }

  /** What would be done, as people read it. */
  async text(file: HarborSettingsFile): Promise<readonly string[]> {
    return planText(await this.plan(file));
  }

  async apply(file: HarborSettingsFile): Promise<Plan> {
    const made = await this.plan(file);
    await apply(made);
    return made;
  }
}

/** Robots' secrets are made by chance, each time others. */
export function withoutRobotSecrets(picture: string): string {
  return picture.replace(/\\"secret\\":\\"[^"]*\\",?/g, "");
}
