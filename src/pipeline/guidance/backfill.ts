import { backfillNbm, stationsToBackfill } from "../../data/fetch/backfillNbm.js";
import { failureLines } from "../../data/fetch/fetch.js";
import { withFetchRun } from "../../data/fetch/fetchRun.js";
import { readableSources } from "../../data/http/readableSources.js";
import type { Station } from "../../data/sources/source.js";
import { isSimulated } from "../../data/store/purgeSimulated.js";
import type { Run } from "../run.js";
import { learnAgainFrom } from "../train/learned.js";

/** Hours between the runs that are read unless others are asked for: a station costs two requests for each. */
export const backfillEvery = 12;

/**
 * Reads past runs of the National Blend of Models for stations, which then learn their history again at the next training.
 * Past runs count as imported, never as live.
 * @param minutes the longest time that requests take
 * @returns how many stations have more guidance than before
 */
export async function backfillGuidance(
  run: Run,
  stations: readonly Station[],
  {
    days,
    every = backfillEvery,
    minutes = run.config.requestMinutes,
  }: { days: number; every?: number; minutes?: number },
): Promise<number> {
  const { store, config, clock, report } = run;
  if (stations.length === 0 || (await isSimulated(store))) return 0;
  const { sources } = readableSources(config);
  const options = { ...run, genesis: 0 };
  return withFetchRun(store, { ...config, sources, requestMinutes: minutes }, options, async (fetchRun) => {
    const changed = await backfillNbm(fetchRun, stations, {
      days,
      every,
      onStored: (stationId, publicTime) => learnAgainFrom(store, stationId, publicTime, clock.now()),
    });
    const [line, ...others] = failureLines(fetchRun.summary.failures);
    if (line) report.warn(`past guidance: ${line}${others.length > 0 ? `; and ${others.length} more` : ""}`);
    if (changed.size > 0)
      report.info(`past guidance of ${changed.size} stations stored; they learn their history again`);
    return changed.size;
  });
}

/** The stations whose past guidance an update still has to read; none unless the configuration asks for some days. */
export async function waitingForBackfill<One extends Pick<Station, "stationId" | "icao">>(
  run: Pick<Run, "store" | "config">,
  stations: readonly One[],
): Promise<One[]> {
  const { store, config } = run;
  if (config.backfillDays === 0 || config.sources.nbm.length === 0 || (await isSimulated(store))) return [];
  return stationsToBackfill(run, stations);
}
