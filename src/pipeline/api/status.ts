import type { Status } from "../../shared/published/status.js";
import { ledgerHead } from "./ledgerFiles.js";
import type { Published } from "./openPublished.js";
import { stationSummaries } from "./stations.js";

export async function status(published: Published, buildId: string | null): Promise<Status> {
  const { schemaVersion, version, asOf, isPast, dataThrough, simulated } = published.manifest;
  const stations = await stationSummaries(published);
  return {
    schemaVersion,
    version,
    buildId,
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
