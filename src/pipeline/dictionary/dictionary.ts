import type { Dictionary } from "../../shared/published/dictionary.js";
import { type PublishedManifest, type PublishedTable, publishedTables } from "../../shared/published/published.js";
import { apiSchemas } from "./apiSchemas.js";
import { fieldsOfSchema } from "./fieldsOfSchema.js";
import { type FileSizes, siteFiles } from "./siteFiles.js";
import { stationFiles, tableAddress } from "./siteTables.js";

/**
 * The data dictionary, generated from the schemas and the manifest.
 * @param sizes sizes of the files by address
 */
export function dictionary(
  { version, asOf, dataThrough, simulated, files }: Omit<PublishedManifest, "api">,
  sizes: ReadonlyMap<string, FileSizes>,
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
