import type { LedgerHead } from "../pipeline/ledger/ledgerHead.js";
import { ledgerHead } from "./ledgerFiles.js";
import type { Published } from "./published.js";
import { stationSummaries } from "./stations.js";

/** `/status.json`: tells an open page, or a monitor, how new the published data are; epoch milliseconds. */
export interface Status {
  schemaVersion: 1;
  version: string;
  /** Of the build of the site, so that one can tell whether it is the one served; null in a preview. */
  buildId: string | null;
  asOf: number;
  dataThrough: number | null;
  simulated: boolean;
  stations: { key: string; newestObservedTime: number | null; newestIssuedTime: number | null }[];
  /** What stands for all that was known and issued up to now; null where nothing was. */
  ledger: LedgerHead | null;
}

export async function status(published: Published, buildId: string | null): Promise<Status> {
  const { schemaVersion, version, asOf, dataThrough, simulated } = published.manifest;
  const stations = await stationSummaries(published);
  return {
    schemaVersion,
    version,
    buildId,
    asOf,
    dataThrough,
    simulated,
    stations: stations.map(({ key, newestObservedTime, newestIssuedTime }) => ({
      key,
      newestObservedTime,
      newestIssuedTime,
    })),
    ledger: await ledgerHead(published),
  };
}
