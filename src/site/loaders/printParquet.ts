import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { type Published, withPublished } from "../published/published.js";
import { findStation } from "./findStation.js";

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
