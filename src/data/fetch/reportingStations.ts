import type { Config } from "../../shared/config.js";
import { readableSources } from "../http/readableSources.js";
import { awcBulkPath, parseReportingStations } from "../sources/awcBulk.js";
import type { Reporting } from "../stations/networkStations.js";
import type { Store } from "../store/store.js";
import { askText } from "./askJson.js";
import { type FetchOptions, type FetchRun, recordRequests, withFetchRun } from "./fetchRun.js";

/** The stations that report now, by the Aviation Weather Center's file of all stations; null if it can't be read. */
export function readReportingStations(
  store: Store,
  config: Config,
  options: Omit<FetchOptions, "genesis">,
): Promise<Reporting | null> {
  const readable = { ...config, sources: readableSources(config).sources };
  return withFetchRun(store, readable, { ...options, genesis: 0 }, async (run) => {
    for (const base of readable.sources.awc) {
      const reporting = await readFrom(run, base);
      if (reporting) return reporting;
    }
    return null;
  });
}

async function readFrom(run: FetchRun, base: string): Promise<Reporting | null> {
  const request = { path: awcBulkPath, file: awcBulkPath.replace(/\.gz$/, ""), source: "awc" } as const;
  const { answer, content } = await askText(run, base, request, parseReportingStations);
  await run.store.transaction(() => recordRequests(run, "awc", null, [answer]));
  const observed = content?.filter(({ hasTemperature }) => hasTemperature);
  return observed ? new Map(observed.map(({ icao, hasPressure }) => [icao, { hasPressure }])) : null;
}
