import type { PublishedManifest, PublishedTable } from "../../shared/published/published.js";

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
