import { fetchStations } from "../../src/data/fetch/fetch.js";
import type { FetchSummary } from "../../src/data/fetch/fetchRun.js";
import type { HttpOptions } from "../../src/data/http/http.js";
import { resolveStations } from "../../src/data/stations/stations.js";
import type { Store } from "../../src/data/store/store.js";
import { type Config, type ConfigInput, parseConfig } from "../../src/shared/config.js";
import { type Report, silentReport } from "../../src/shared/progress.js";
import { hourMs, minuteMs } from "../../src/shared/time.js";
import type { ReplayedStation, ReplayNoaa } from "./replayNoaa.js";

/** Of requests; a busy machine is slow to answer, which is not to be taken for a fault. */
export const shortWaits = { retryDelayMs: 5, connectTimeoutMs: 2000, longestDelayMs: 300 };
/** Where a server is silent. Undici counts time without an answer in whole seconds. */
export const impatientWaits = { ...shortWaits, idleTimeoutMs: 150, answerTimeoutMs: 1200 };

/** A configuration whose sources all are one replay of NOAA, each on a host of its own. */
export function liveConfig(home: string, noaa: ReplayNoaa, sources: Partial<ConfigInput["sources"]> = {}): Config {
  const [files, awc, nws] = noaa.hosts;
  const bases = { ghcnh: [files], isd: [files], awc: [awc], nws: [nws], ...sources };
  return parseConfig({ home, stations: [{ id: "USW00094846", icao: "KORD" }], sources: bases });
}

interface LiveOptions {
  genesis: number;
  now: number;
  icaos: string[];
  replaying?: boolean;
  http?: Partial<HttpOptions>;
  report?: Report;
}

/** Fetches as a run at `now` would that reads its clock, with short waits. */
export async function fetchLive(
  store: Store,
  config: Config,
  { genesis, now, icaos, replaying = false, http = shortWaits, report = silentReport }: LiveOptions,
): Promise<FetchSummary> {
  return fetchStations(store, config, await resolveStations(config, icaos), {
    genesis,
    clock: { now: () => now, replaying },
    runId: new Date(now).toISOString(),
    report,
    http,
  });
}

/** As `fetchLive`, with the replay at the same time. */
export function fetchAt(store: Store, config: Config, noaa: ReplayNoaa, options: Parameters<typeof fetchLive>[2]) {
  noaa.now = options.now;
  return fetchLive(store, config, options);
}

/** The temperature of each hour as its routine report has it, by hour (ISO 8601), from and up to these times. */
export function truth({ observed }: ReplayedStation, from: number, through: number): Record<string, number> {
  const entries = observed.flatMap(({ time, temperatureC, isSpecial }) => {
    const hour = Math.floor((time + 30 * minuteMs) / hourMs) * hourMs;
    const isHour = !isSpecial && !Number.isNaN(temperatureC) && hour >= from && hour <= through;
    return isHour ? [[new Date(hour).toISOString(), temperatureC] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** What is stored of a station, as `truth` has it. */
export async function stored(store: Store, stationId: string, column = "value"): Promise<Record<string, number>> {
  const rows = await store.all<{ time: number; value: number }>(
    `SELECT epoch_ms(validTime)::DOUBLE AS time, ${column} AS value FROM hours
     WHERE stationId = $stationId AND variable = 'temperature' ORDER BY validTime`,
    { stationId },
  );
  return Object.fromEntries(rows.map(({ time, value }) => [new Date(time).toISOString(), value]));
}
