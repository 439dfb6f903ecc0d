/** Ways in which a picture is written down. */
export const PICTURE_FORMATS = ["mermaid", "svg", "dot"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];
