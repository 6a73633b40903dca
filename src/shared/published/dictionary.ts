import { z } from "zod";
import { count, time } from "./fields.js";

/** A column of a table, or a field of a JSON file. */
export const Field = z.object({
  name: z.string().describe("name, with its path for a nested field: `a.b`, or `a[].b` when `a` is a list"),
  type: z.string().describe("text, number, integer, boolean or time; in JSON also object or list"),
  unit: z.string().nullable().describe("unit of a quantity; UTC for a time; null without one"),
  nullable: z.boolean().describe("whether it can be missing"),
  values: z.array(z.string()).nullable().describe("all possible values; null when they are not a short list"),
  meaning: z.string().describe("meaning"),
});

export type Field = z.infer<typeof Field>;

const DictionaryTable = z.object({
  name: z.string().describe("name of the table"),
  holds: z.string().describe("content"),
  rows: count("rows").describe("number of rows"),
  bytes: count("bytes").describe("size of its Parquet file"),
  sha256: z.string().describe("SHA-256 of its Parquet file"),
  address: z.string().nullable().describe("address on the site; null when it is too large for the site"),
  stationFiles: z.string().nullable().describe("smaller files with its rows or the newest of them; null without any"),
  columns: z.array(Field).describe("columns, in order"),
});

const DictionaryFile = z.object({
  address: z
    .string()
    .describe("address on the site; `<key>` stands for a station, `<period>` and the like for one of several"),
  holds: z.string().describe("content"),
  schema: z.string().nullable().describe("address of its JSON Schema; null without one"),
  count: count("files")
    .nullable()
    .describe("number of such files; null in a preview, which makes them on request, and for this file"),
  bytes: count("bytes").nullable().describe("total size of these files; null in a preview"),
  example: z.string().nullable().describe("address of one of these files; null in a preview"),
  fields: z.array(Field).describe("fields, each followed by the fields nested in it; none without a schema"),
});

/** `/api/dictionary.json`: all files of the site except its pages, with their content. */
export const Dictionary = z.object({
  schemaVersion: z.literal(1).describe("changes when readers of this version would misread the file"),
  version: z.string().describe("version of isotherm"),
  asOf: time.describe("time as of which all files were published"),
  dataThrough: time.nullable().describe("newest observation of any station"),
  simulated: z.boolean().describe("whether the weather is simulated"),
  tables: z.array(DictionaryTable).describe("the published tables"),
  files: z.array(DictionaryFile).describe("all other files"),
});

export type Dictionary = z.infer<typeof Dictionary>;
export type DictionaryTable = z.infer<typeof DictionaryTable>;
export type DictionaryFile = z.infer<typeof DictionaryFile>;
