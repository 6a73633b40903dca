import { copyFile, mkdir } from "node:fs/promises";
import { join, parse } from "node:path";
import type { PublishedManifest, PublishedTable } from "../../shared/published/published.js";
import { publishedFile } from "../../shared/published/readPublished.js";

/**
 * A table larger than this is left out of the site: GitHub refuses files of 100 MB, and nobody would wait for one in a
 * browser. The dictionary then says where its rows are.
 */
const mostBytes = 50_000_000;

/** Files of single stations that hold the rows of a table too, or the newest of them. */
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

/** Where the site has a table, or null where it is too large. */
export function tableAddress({ name, bytes }: PublishedManifest["files"][number]): string | null {
  return bytes <= mostBytes ? `tables/${name}` : null;
}

/** Puts the published tables into a built site as they are, so that their digests are those of the manifest. */
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
