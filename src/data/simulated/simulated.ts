import type { Clock } from "../../shared/clock.js";
import type { Report } from "../../shared/progress.js";
import type { FetchOptions } from "../fetch/fetchRun.js";
import { yearsBetween } from "../fetch/yearCoverage.js";
import { ghcnh } from "../sources/ghcnh.js";
import type { FileSource, Station } from "../sources/source.js";
import { isSimulated } from "../store/purgeSimulated.js";
import type { Store } from "../store/store.js";
import { checkFile } from "../validate/checkFile.js";
import { storeFile } from "../validate/storeFile.js";
import { simulatedLines } from "./simulatedWeather.js";

/** Simulated weather in GHCNh's format, so that it passes through the same checks as real observations. */
export const simulated: FileSource = { ...ghcnh, name: "simulated", roots: [""] };

/**
 * Stores simulated weather up to the clock. Throws when the store holds real observations.
 * @param genesis first hour of history, epoch milliseconds; of all stations or of each
 * @returns reports stored
 */
export async function ingestSimulated(
  store: Store,
  stations: readonly Station[],
  { genesis, clock, report }: { genesis: FetchOptions["genesis"]; clock: Clock; report: Report },
): Promise<number> {
  const [known] = await store.all("SELECT 1 FROM hours LIMIT 1");
  if (known && !(await isSimulated(store)))
    throw new Error("the store holds real observations; can't add simulated ones");
  const now = clock.now();
  const startOf = typeof genesis === "number" ? () => genesis : genesis;
  const years = stations.flatMap((station) =>
    yearsBetween(startOf(station.stationId), now).map((year) => ({ station, year })),
  );
  const task = report.task("simulate", years.length, "station years");
  let reports = 0;
  for (const { station, year } of years) {
    const period = { from: startOf(station.stationId), through: now };
    const file = simulated.file(station, year)!;
    const lines = simulatedLines(station, year, period);
    const checked = await checkFile({ source: simulated, station, year, file, lines }, period, now);
    const stored = await store.transaction(() => storeFile(store, checked, now));
    reports += stored.reports;
    task.advance();
  }
  task.end();
  return reports;
}
