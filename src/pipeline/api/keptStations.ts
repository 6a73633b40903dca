import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { EvaluationPeriod } from "../../shared/published/stationEvaluation.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { hourMs } from "../../shared/time.js";
import type { TablesManifest } from "./openPublished.js";
import { keepFile, write } from "./write.js";

/**
 * Digest of all that a station's files show except the time of publication, which `keepStation` renews.
 * @param rows digest of the station's rows in the published tables
 */
export function digestOfStation(
  { asOf, dataThrough: _dataThrough, files: _files, ...options }: TablesManifest,
  content: { station: StationSummary; periods: readonly EvaluationPeriod[]; rows: string },
): string {
  // Health shows the hours up to this one.
  return digestOf({ options, hour: Math.floor(asOf / hourMs), ...content });
}

/** The first 16 hexadecimal digits of the SHA-256 of some JSON. */
export function digestOf(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 16);
}

/** Keeps the files of a station; only the time of publication is new. */
export async function keepStation(
  previous: string,
  folder: string,
  { key, asOf }: { key: string; asOf: number },
): Promise<void> {
  const names = readdirSync(join(previous, "api", key), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(previous, join(parentPath, name)));
  for (const name of [join("api", `${key}.csv`), ...names]) keepFile(join(previous, name), join(folder, name));
  const forecast = JSON.parse(await readFile(join(previous, "api", `${key}.json`), "utf8")) as StationForecast;
  await write(folder, `api/${key}.json`, { ...forecast, asOf });
}
