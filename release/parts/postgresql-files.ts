import type { DataFile, DataNode, DataServicesContext } from "../data-context.js";
import { DATA_PATHS } from "../data-layout.js";
import { templateFile } from "../files.js";
import type { Templates } from "../templates.js";
import { databaseEntryView, patroniView, postgresqlView } from "../views/postgresql.js";

/** What Patroni, PostgreSQL and the way to the primary read. */
export function postgresqlFiles(templates: Templates, context: DataServicesContext, node: DataNode): DataFile[] {
  const component = "postgresql";
  const view = postgresqlView(context, node);
  const entry = databaseEntryView(context, node);
  return [
    templateFile(templates, {
      component,
      unit: "postgresql",
      path: DATA_PATHS.patroniConfig,
      sensitive: true,
      view: patroniView(context, node),
    }),
    templateFile(templates, {
      component,
      unit: "postgresql-program",
      path: DATA_PATHS.postgresqlStart,
      mode: 0o755,
      view,
    }),
    templateFile(templates, { component, unit: "postgresql-program", path: DATA_PATHS.postgresqlUnit, view }),
    templateFile(templates, { component, unit: "database-entry", path: DATA_PATHS.entryConfig, view: entry }),
    templateFile(templates, { component, unit: "database-entry-program", path: DATA_PATHS.entryUnit, view: entry }),
  ];
}
