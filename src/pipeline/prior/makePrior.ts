import type { Store } from "../../data/store/store.js";
import { hourOf } from "../../model/calendar.js";
import { type ExpertPriors, expertsWithPrior, regressionPersistence } from "../../model/experts/createExperts.js";
import { regressionDelta } from "../../model/experts/modelOptions.js";
import { addSums, priorOf, type RegressionSums } from "../../model/experts/prior.js";
import type { Config } from "../../shared/config.js";
import { type Report, silentReport } from "../../shared/progress.js";
import { hourMs } from "../../shared/time.js";
import { type NetworkChoice, networkAround, optionsAround } from "../replay/networkInput.js";
import type { Prior } from "../replay/priorFile.js";
import { WorkerPool } from "../replay/workerPool.js";
import { hourValues } from "../train/modelInput.js";

/**
 * Trains stations from `from` to `to` and pools what their regressions learn into a prior for other stations. Equal hours
 * give an equal prior, whatever the order of stations and the number of workers.
 * @param from, to first and last hour, epoch milliseconds
 */
export async function makePrior(
  store: Store,
  config: Config,
  stationIds: readonly string[],
  {
    from,
    to,
    network,
    workers,
    report = silentReport,
  }: { from: number; to: number; network?: NetworkChoice; workers?: number; report?: Report },
): Promise<Prior> {
  const [firstHour, lastHour] = [Math.ceil(from / hourMs), hourOf(to)];
  if (!(firstHour <= lastHour)) throw new Error("the period ends before it begins");
  const ids = [...new Set(stationIds)].sort();
  const around = await networkAround(store, ids, network, { firstHour, lastHour });
  if (around(ids[0]!) === null) throw new Error("a prior needs a network: use --network");
  const pool = new WorkerPool("replayPrior", { stations: ids.length, workers });
  const progress = report.task("prior", ids.length, "stations");
  try {
    const ofStations = await pool.forEach(ids, async (id) => {
      const sums = await pool.run({
        options: optionsAround(config.model, around(id)?.station),
        firstHour,
        values: await hourValues(store, id, firstHour, lastHour),
        around: around(id),
      });
      if (sums[0]!.rows === 0) throw new Error(`${id} has too few hours from ${new Date(from).toISOString()} on`);
      progress.advance();
      return sums;
    });
    const options = optionsAround(config.model, around(ids[0]!)?.station);
    const experts: ExpertPriors = {};
    for (const [i, name] of expertsWithPrior.entries()) {
      const pooled = ofStations
        .map((sums) => sums[i]!)
        .reduce<RegressionSums | null>((all, sums) => (all ? addSums(all, sums) : sums), null);
      experts[name] = priorOf(pooled!, {
        delta: regressionDelta(options),
        persistence: regressionPersistence(options),
      });
    }
    return {
      header: {
        formatVersion: 1,
        stations: ids,
        firstTime: firstHour * hourMs,
        lastTime: lastHour * hourMs,
        experts: expertsWithPrior.map((name) => ({ name, dimension: experts[name]!.dimension })),
      },
      experts,
    };
  } finally {
    progress.end();
    await pool.destroy();
  }
}
