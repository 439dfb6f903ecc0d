import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import type * as z from "zod";
import { OssError } from "./oss-error.js";

const builder = new XMLBuilder({ suppressEmptyNode: false });
const parser = new XMLParser({
  parseTagValue: false,
  htmlEntities: true, // Go writes a quote as &#34;
  isArray: (name) => name === "Object" || name === "Part",
});

/** A document of one element; a list becomes as many elements of its name. */
export function buildXml(root: string, content: object): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: content })}`;
}

/** Reads a document that must have a shape. @throws OssError MalformedXML */
export function parseXml<Shape>(text: string, shape: z.ZodType<Shape>): Shape {
  const malformed = new OssError(400, "MalformedXML", "The XML you provided was not well-formed.");
  if (XMLValidator.validate(text) !== true) throw malformed;
  const read = shape.safeParse(parser.parse(text));
  if (!read.success) throw malformed;
  return read.data;
}
