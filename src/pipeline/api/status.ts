import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Status } from "../../shared/published/status.js";
import { ledgerHead } from "./ledgerFiles.js";
import type { Published } from "./openPublished.js";

/** `/status.json`, before a build writes its id into it. */
export async function status(published: Published, stations: readonly StationSummary[]): Promise<Status> {
  const { schemaVersion, version, asOf, isPast, dataThrough, simulated } = published.manifest;
  return {
    schemaVersion,
    version,
    buildId: null,
    asOf,
    isPast,
    dataThrough,
    simulated,
    stations: stations.map(({ key, newestObservedTime, dueTime, newestIssuedTime }) => ({
      key,
      newestObservedTime,
      dueTime,
      newestIssuedTime,
    })),
    ledger: await ledgerHead(published),
  };
}
