import { parseTime } from "./clock.js";
import type { Config } from "./config.js";
import { type Store, timestamp } from "./store.js";

const hourMs = 3_600_000;

/**
 * The first hour of a station's history that counts, in epoch milliseconds: the one asked for (`from`); else the
 * configured one; else the one its newest lineage of snapshots began with; else 1 January of last year, 00 UTC.
 * @param now the run's clock, epoch milliseconds
 */
export async function genesisOf(
  store: Pick<Store, "all">,
  config: Pick<Config, "genesis">,
  stationId: string,
  { from, now }: { from?: number | undefined; now: number },
): Promise<number> {
  const configured = config.genesis === null ? undefined : parseTime(config.genesis);
  const genesis = from ?? configured ?? (await lineageGenesis(store, stationId, now)) ?? firstOfLastYear(now);
  if (!(genesis <= now)) {
    throw new Error(`history would begin at ${new Date(genesis).toISOString()}, after the run's clock`);
  }
  return Math.floor(genesis / hourMs) * hourMs;
}

async function lineageGenesis(store: Pick<Store, "all">, stationId: string, now: number): Promise<number | undefined> {
  const [lineage] = await store.all<{ genesisTime: number }>(
    `SELECT genesisTime FROM snapshots WHERE stationId = $stationId AND genesisTime <= $now
     ORDER BY throughTime DESC LIMIT 1`,
    { stationId, now: timestamp(now) },
  );
  return lineage?.genesisTime;
}

function firstOfLastYear(now: number): number {
  return Date.UTC(new Date(now).getUTCFullYear() - 1, 0);
}
