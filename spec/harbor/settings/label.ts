import * as z from "zod";
import { lineSchema } from "../../names.js";

/** Something that can be stuck to artifacts. */
export const labelSchema = z.strictObject({
  name: lineSchema.max(128).meta({ description: "What it says." }),
  description: lineSchema.optional().meta({ description: "What it means." }),
  color: z
    .string()
    .regex(/^#[0-9A-F]{6}$/, { error: "a colour, in capitals: #0065AB" })
    .default("#0065AB")
    .meta({ description: "Its colour." }),
});
export type Label = z.output<typeof labelSchema>;
