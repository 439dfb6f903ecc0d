import { allowList, foundAllowList, sentAllowList, wantedAllowList } from "../allow-list.js";
import type { Kind } from "../kind.js";
import { SETTINGS } from "../kind.js";
import { oneSetting } from "./configuration.js";

const PATH = "/system/CVEAllowlist";
const TITLE = "allow list";

/** Vulnerabilities that do not block a pull, for all projects that have no list of their own. */
export const allowListKind: Kind = {
  title: TITLE,
  prunable: false,
  want: ({ settings }) =>
    oneSetting(TITLE, `${SETTINGS}.system.cveAllowList`, wantedAllowList(settings.system.cveAllowList)),
  read: async ({ client, settings }) => {
    if (settings.system.cveAllowList === undefined) return [];
    return [{ name: TITLE, id: TITLE, shape: foundAllowList(await client.get(PATH, allowList)) }];
  },
  create: async () => undefined,
  update: async ({ client }, { shape }) => client.put(PATH, sentAllowList(shape)),
  remove: async () => undefined,
};
