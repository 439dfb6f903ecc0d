import type { Arrow, Frame } from "./picture.js";

/** What one site adds to a picture. */
export interface SitePart {
  readonly frame: Frame;
  readonly arrows: readonly Arrow[];
  /** Box where clients come in. */
  readonly entrance: string;
  /** Boxes that operators log in to, and on which port. */
  readonly doors: readonly { readonly box: string; readonly label: string }[];
  /** Blocks that clients come from. @default - wherever they reach the entry from */
  readonly clients?: readonly string[];
  /** Blocks that operators come from. @default - wherever they reach SSH from */
  readonly operators?: readonly string[];
}

/** Id of a node's box. */
export function nodeBox(site: string, node: string): string {
  return `${site}/${node}`;
}
