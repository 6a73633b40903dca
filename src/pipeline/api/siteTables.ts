import { copyFile, mkdir } from "node:fs/promises";
import { join, parse } from "node:path";
import type { PublishedManifest, PublishedTable } from "../../shared/published/published.js";
import { publishedFile } from "../../shared/published/readPublished.js";

/**
 * Larger tables are left out of the site: GitHub rejects files of 100 MB, and they are too slow for a browser. The
 * dictionary then names the station files with their rows.
 */
const mostBytes = 50_000_000;

/** Files of single stations with the rows of a table, or the newest of them. */
export const stationFiles: Partial<Record<PublishedTable, string>> = {
  hours: "api/<key>/hours.parquet",
  learnedHours: "api/<key>/learnedHours.parquet",
  forecasts: "api/<key>/issues.parquet",
  officialForecasts: "api/<key>/issues.parquet",
  ewmaeHours: "api/<key>/ewmae.parquet",
  learnedOfficial: "api/<key>/learnedOfficial.parquet",
  ledger: "api/ledger/<day>.parquet",
  ledgerValues: "api/ledger/<day>.parquet",
};

/** A table's address on the site; null when it is too large. */
export function tableAddress({ name, bytes }: PublishedManifest["files"][number]): string | null {
  return bytes <= mostBytes ? `tables/${name}` : null;
}

/** Copies the published tables into a built site, byte for byte, so that the digests of the manifest hold. */
export async function copyTables(
  { files }: Pick<PublishedManifest, "files">,
  dir: string,
  home?: string,
): Promise<void> {
  await mkdir(join(dir, "tables"), { recursive: true });
  for (const file of files) {
    const address = tableAddress(file);
    if (address !== null) await copyFile(publishedFile(parse(file.name).name, home), join(dir, address));
  }
}
