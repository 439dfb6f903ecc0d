/** What a box stands for; it decides how the box looks. */
export type BoxKind = "people" | "name" | "entry" | "machine" | "store" | "service";

/** One thing in a picture. */
export interface Box {
  /** Unique in the picture, and stable. */
  readonly id: string;
  readonly kind: BoxKind;
  /** What it is called. */
  readonly label: string;
  /** Lines below it in smaller letters. */
  readonly details: readonly string[];
}

/** A frame around boxes and other frames. */
export interface Frame {
  readonly id: string;
  readonly label: string;
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
}

/** Who speaks to whom. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** @default - the arrow says enough */
  readonly label?: string;
  /** Whether people take this way only to look after things. @default false */
  readonly care?: boolean;
}

/** An environment as a picture, before it is drawn in any way. */
export interface Picture {
  readonly title: string;
  /** What stands outside of every site. */
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
  readonly arrows: readonly Arrow[];
}
