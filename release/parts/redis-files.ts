import type { DataFile, DataNode, DataServicesContext } from "../data-context.js";
import { DATA_PATHS } from "../data-layout.js";
import { templateFile } from "../files.js";
import type { Templates } from "../templates.js";
import { redisSecretsView, redisView } from "../views/redis.js";

/** What Redis and Sentinel read. */
export function redisFiles(templates: Templates, context: DataServicesContext, node: DataNode): DataFile[] {
  const component = "redis";
  const view = redisView(context, node);
  const secret = { component, sensitive: true, view: redisSecretsView(context, node) } as const;
  return [
    templateFile(templates, { ...secret, unit: "redis", path: DATA_PATHS.redisConfig }),
    templateFile(templates, { component, view, unit: "redis", path: DATA_PATHS.redisPrimary }),
    templateFile(templates, { component, view, unit: "redis", path: DATA_PATHS.redisStart, mode: 0o755 }),
    templateFile(templates, { component, view, unit: "redis", path: DATA_PATHS.redisUnit }),
    templateFile(templates, { ...secret, unit: "sentinel", path: DATA_PATHS.sentinelConfig }),
    templateFile(templates, { component, view, unit: "sentinel", path: DATA_PATHS.sentinelStart, mode: 0o755 }),
    templateFile(templates, { component, view, unit: "sentinel", path: DATA_PATHS.sentinelUnit }),
  ];
}
