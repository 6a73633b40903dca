import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { apiSchemas } from "../../pipeline/api/apiSchemas.js";
import { stationFiles, tableAddress } from "../../pipeline/api/siteTables.js";
import { isProgram } from "../../shared/program.js";
import type { Dictionary } from "../../shared/published/dictionary.js";
import { type PublishedManifest, type PublishedTable, publishedTables } from "../../shared/published/published.js";
import { readPublishedManifest } from "../../shared/published/readPublished.js";
import { fieldsOfSchema } from "./fieldsOfSchema.js";
import { type FileSizes, siteFileSizes, siteFiles } from "./siteFiles.js";

/**
 * The data dictionary, generated from the schemas and the manifest.
 * @param sizes sizes of the built site's files by address; empty in a preview
 */
export function dictionary(
  { version, asOf, dataThrough, simulated, files }: PublishedManifest,
  sizes: ReadonlyMap<string, FileSizes> = new Map(),
): Dictionary {
  const tables = (Object.keys(publishedTables) as PublishedTable[]).map((name) => {
    const schema = publishedTables[name];
    const file = files.find((one) => one.name === `${name}.parquet`);
    if (!file) throw new Error(`${name}.parquet is not in the manifest`);
    if (!schema.description) throw new Error(`table ${name} has no description`);
    return {
      name,
      holds: schema.description,
      rows: file.rows,
      bytes: file.bytes,
      sha256: file.sha256,
      address: tableAddress(file),
      stationFiles: stationFiles[name] ?? null,
      columns: fieldsOfSchema(schema),
    };
  });
  const others = siteFiles.map(({ address, holds, schema }) => ({
    address,
    holds,
    schema: schema ? `api/schema/${schema}.json` : null,
    ...(sizes.get(address) ?? { count: null, bytes: null, example: null }),
    fields: schema ? fieldsOfSchema(apiSchemas[schema]) : [],
  }));
  return { schemaVersion: 1, version, asOf, dataThrough, simulated, tables, files: others };
}

/** Writes `api/dictionary.json` into a built site. Write it last, because it lists the sizes of all other files. */
export async function writeDictionary(dir: string, home?: string): Promise<void> {
  const content = dictionary(readPublishedManifest(home), await siteFileSizes(dir));
  await writeFile(join(dir, "api", "dictionary.json"), JSON.stringify(content));
}

if (isProgram(import.meta.url)) await writeDictionary(process.argv[2]!);
