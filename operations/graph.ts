import { environmentPicture } from "../graph/environment-picture.js";
import { mermaid } from "../graph/mermaid.js";
import type { PictureFormat } from "../graph/picture-format.js";
import type { Workspace } from "./workspace.js";

/** Draws an environment from its file, and from what its clouds have told. Touches no host. */
export async function drawing({ environment, inventory }: Workspace, format: PictureFormat): Promise<string> {
  const picture = environmentPicture(environment, inventory);
  if (format === "mermaid") return mermaid(picture);
  const { graphviz } = await import("../graph/graphviz.js");
  const { instance } = await import("@viz-js/viz");
  return (await instance()).renderString(graphviz(picture), { format });
}
