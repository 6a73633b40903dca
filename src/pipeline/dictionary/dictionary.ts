import type { Dictionary } from "../../shared/published/dictionary.js";
import { type PublishedManifest, type PublishedTable, publishedTables } from "../../shared/published/published.js";
import { fieldsOfSchema } from "./fieldsOfSchema.js";
import { apiSchemas, type FileSizes, siteFiles } from "./siteFiles.js";

/**
 * Larger tables are left out of the site: GitHub rejects files of 100 MB, and they are too slow for a browser. The
 * dictionary then names the station files with their rows.
 */
const mostBytes = 50_000_000;

/** Files of single stations with the rows of a table, or the newest of them. */
const stationFiles: Partial<Record<PublishedTable, string>> = {
  hours: "api/<key>/hours.parquet",
  learnedHours: "api/<key>/learnedHours.parquet",
  forecasts: "api/<key>/issues.parquet",
  extremes: "api/<key>/extremes.parquet",
  ewmae: "api/<key>/ewmaeHistory.parquet",
  ewmaeHours: "api/<key>/ewmae.parquet",
  learnedGuidance: "api/<key>/learnedGuidance.parquet",
  ledger: "api/ledger/<day>.parquet",
  ledgerValues: "api/ledger/<day>.parquet",
};

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

/** A table's address on the site; null when it is too large. */
export function tableAddress({ name, bytes }: PublishedManifest["files"][number]): string | null {
  return bytes <= mostBytes ? `tables/${name}` : null;
}
