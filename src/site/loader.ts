import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Published, withPublished } from "../pipeline/api/openPublished.js";
import { stationSummaries } from "../pipeline/api/stations.js";
import type { StationSummary } from "../shared/published/stationSummary.js";

/** The station that a loader's `--station=<key>` names. */
export async function findStation(published: Published): Promise<StationSummary> {
  const { values } = parseArgs({ options: { station: { type: "string" } }, strict: false });
  const found = (await stationSummaries(published)).find(({ key }) => key === values.station);
  if (!found) throw new Error(`no station ${values.station} is published`);
  return found;
}

/** The entry of the period that a loader's `--period=<name>` names; by default that of all periods. */
export function findPeriod<T>(byPeriod: ReadonlyMap<string, T>): T {
  const { values } = parseArgs({ options: { period: { type: "string", default: "all" } }, strict: false });
  const found = byPeriod.get(String(values.period));
  if (!found) throw new Error(`no period ${values.period} is published`);
  return found;
}

/** Prints the Parquet file that `write` makes for the station of a loader. */
export async function printParquet(
  write: (published: Published, station: StationSummary, file: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "isotherm-parquet-"));
  try {
    const file = join(folder, "rows.parquet");
    await withPublished(async (published) => write(published, await findStation(published), file));
    process.stdout.write(await readFile(file));
  } finally {
    await rm(folder, { recursive: true });
  }
}
