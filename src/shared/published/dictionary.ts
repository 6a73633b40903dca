import { z } from "zod";
import { count, time } from "./fields.js";

/** A column of a table, or a field of a JSON file. */
export const Field = z.object({
  name: z.string().describe("of a field within others its way there: `a.b`, and `a[].b` where `a` is a list"),
  type: z.string().describe("text, number, integer, boolean or time; of JSON also object or list"),
  unit: z.string().nullable().describe("of a measure; UTC of a time; null where there is none"),
  nullable: z.boolean().describe("whether it can be missing"),
  values: z.array(z.string()).nullable().describe("all that it can be; null where that is no short list"),
  meaning: z.string().describe("what it is"),
});

export type Field = z.infer<typeof Field>;

const DictionaryTable = z.object({
  name: z.string().describe("of the table"),
  holds: z.string().describe("what it holds"),
  rows: count("rows").describe("how many it has"),
  bytes: count("bytes").describe("size of its Parquet file"),
  sha256: z.string().describe("of that file"),
  address: z.string().nullable().describe("where the site has it; null where it is too large for that"),
  stationFiles: z.string().nullable().describe("smaller files with its rows, or the newest of them; null without any"),
  columns: z.array(Field).describe("in order"),
});

const DictionaryFile = z.object({
  address: z.string().describe("where the site has it; `<key>` is a station's, `<period>` and the like one of several"),
  holds: z.string().describe("what it holds"),
  schema: z.string().nullable().describe("where its JSON Schema is; null without one"),
  count: count("files")
    .nullable()
    .describe("how many of the kind there are; null in a preview, which makes them one at a time, and of this file"),
  bytes: count("bytes").nullable().describe("size of all of them; null in a preview"),
  example: z.string().nullable().describe("address of one of them; null in a preview"),
  fields: z.array(Field).describe("those within others after them; none where it has no schema"),
});

/** `/api/dictionary.json`: every file of the site but its pages, and what it holds. */
export const Dictionary = z.object({
  schemaVersion: z.literal(1).describe("changes when a reader of this version would misread the file"),
  version: z.string().describe("version of isotherm"),
  asOf: time.describe("the run's clock: all files were published at once, as of then"),
  dataThrough: time.nullable().describe("newest observation of any station"),
  simulated: z.boolean().describe("whether the weather is simulated"),
  tables: z.array(DictionaryTable).describe("the published tables"),
  files: z.array(DictionaryFile).describe("all other files"),
});

export type Dictionary = z.infer<typeof Dictionary>;

export type DictionaryTable = z.infer<typeof DictionaryTable>;

export type DictionaryFile = z.infer<typeof DictionaryFile>;
