import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { StationSummary } from "../shared/published/stationSummary.js";
import { stationSummaries } from "./api/stations.js";
import { type Published, withPublished } from "./published/published.js";

/** The station that a parameterised loader is asked for: `--station=<key>`. */
export async function findStation(published: Published): Promise<StationSummary> {
  const { values } = parseArgs({ options: { station: { type: "string" } }, strict: false });
  const found = (await stationSummaries(published)).find(({ key }) => key === values.station);
  if (!found) throw new Error(`no station ${values.station} published`);
  return found;
}

/** What a parameterised loader is asked for of what there is by period: `--period=<name>`, or else everything. */
export function findPeriod<T>(byPeriod: ReadonlyMap<string, T>): T {
  const { values } = parseArgs({ options: { period: { type: "string", default: "all" } }, strict: false });
  const found = byPeriod.get(String(values.period));
  if (!found) throw new Error(`no period ${values.period} published`);
  return found;
}

/** Prints, as a parameterised loader does, the Parquet file that `write` makes of a station. */
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
