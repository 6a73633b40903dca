import { basename } from "node:path";
import type { Failure } from "../../data/sources/schemas.js";
import type { Station } from "../../data/sources/source.js";
import { resolveStations } from "../../data/stations/stations.js";
import { storeArchive } from "../../data/store/guidance.js";
import { isSimulated } from "../../data/store/purgeSimulated.js";
import type { Store } from "../../data/store/store.js";
import { storeFailures } from "../../data/validate/storeFile.js";
import { guidanceLeads } from "../../model/features/guidanceHours.js";
import { guidanceSlot } from "../../model/vocabulary.js";
import type { Run } from "../run.js";
import { learnAgainFrom } from "../train/learned.js";
import { readGuidanceFile } from "./guidanceFile.js";

export interface ImportArguments {
  source: string;
  /** Stations that the guidance is for, ids or codes; defaults to those that the file names. */
  station?: readonly string[] | undefined;
}

/** What an import did. */
export interface ImportSummary {
  stations: { station: string; runs: number; stored: number }[];
  failures: Failure[];
}

/**
 * Stores guidance from a Parquet file. The stations it is for learn their history again at the next update, because the
 * model uses it from the hour after it was public; it never counts as live. Throws when the file, the name of the source or
 * a station is wrong; rejected rows stop nothing.
 */
export async function importGuidance(run: Run, path: string, options: ImportArguments): Promise<ImportSummary> {
  const { store, config, clock, report } = run;
  const { source } = options;
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(source))
    throw new Error(`${JSON.stringify(source)} is no name of a source: expected small letters, digits and hyphens`);
  if (await isSimulated(store))
    throw new Error(
      "the stored weather is simulated, and guidance is for real weather: run update with NOAA in reach first",
    );
  const { runs, failures, beyondLeads } = await readGuidanceFile(path, clock.now());
  if (beyondLeads > 0)
    report.info(`${beyondLeads} rows are not stored: their leads are longer than ${guidanceLeads} h`);
  const named = [...runs.keys()].filter((id) => id !== "");
  const names = options.station ?? named;
  if (names.length === 0) throw new Error(`${path} names no station: use --station`);
  const stations = await resolveStations(config, names, report);
  const summary: ImportSummary = { stations: [], failures };
  for (const station of stations) {
    const { stationId } = station;
    const own = runs.get(stationId) ?? runs.get("") ?? [];
    await throwIfOtherArchive(store, station, source);
    const stored = await store.transaction(async () => {
      const count = await storeArchive(store, { source, stationId }, own);
      const first = own[0];
      if (count > 0) await learnAgainFrom(store, stationId, first!.publicTime, clock.now());
      return count;
    });
    summary.stations.push({ station: station.icao ?? stationId, runs: own.length, stored });
  }
  const of = { stationId: stations.length === 1 ? stations[0]!.stationId : null, source, file: basename(path) };
  await store.transaction(() => storeFailures(store, of, failures, clock.now()));
  return summary;
}

/** The model has room for one archive beside the known sources. */
async function throwIfOtherArchive(store: Store, { stationId, icao }: Station, source: string): Promise<void> {
  if (guidanceSlot(source) !== "other") return;
  const rows = await store.all<{ source: string }>(
    "SELECT DISTINCT source FROM guidanceRuns WHERE stationId = $stationId AND source <> $source",
    { stationId, source },
  );
  const other = rows.find((row) => guidanceSlot(row.source) === "other");
  if (other)
    throw new Error(`${icao ?? stationId} has guidance of ${other.source}: a station can have one imported source`);
}
