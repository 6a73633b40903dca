import { resolveStations } from "../../data/stations/stations.js";
import type { Report } from "../../shared/progress.js";
import { networkOf } from "../replay/networkInput.js";
import { type Prior, writePrior } from "../replay/priorFile.js";
import { readStore } from "../run.js";
import { makePrior } from "./makePrior.js";

export interface PriorArguments {
  station: readonly string[];
  /** First and last hour that is learned, epoch milliseconds. */
  from: number;
  to: number;
  network?: readonly string[];
  out: string;
}

/** Makes a prior from stored stations, given by id or code, and writes it to a file. */
export async function runPrior({ station, from, to, network, out }: PriorArguments, report: Report): Promise<Prior> {
  return readStore(async (store, config) => {
    const resolve = async (names: readonly string[]) => resolveStations(config, names, report);
    const ids = (await resolve(station)).map(({ stationId }) => stationId);
    const prior = await makePrior(store, config, ids, { from, to, network: await networkOf(network, resolve), report });
    writePrior(out, prior);
    return prior;
  });
}
