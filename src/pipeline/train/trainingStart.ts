import { type Store, timestamp } from "../../data/store/store.js";
import { parseTime } from "../../shared/clock.js";
import type { Config } from "../../shared/config.js";
import { hourMs } from "../../shared/time.js";

/** GHCNh begins later, and each year from the start on is requested. */
const earliestGenesis = Date.UTC(1750, 0);

/**
 * The first hour that a station's model learns, in epoch milliseconds: the requested one (`from`), else the configured
 * one, else that of its newest snapshot, else 1 January of last year, 00 UTC.
 * @param now the run's clock, epoch milliseconds
 */
export async function trainingStart(
  store: Pick<Store, "all">,
  config: Pick<Config, "genesis">,
  stationId: string,
  { from, now }: { from?: number | undefined; now: number },
): Promise<number> {
  const requested = requestedStart(config, { from, now });
  const genesis = requested ?? (await earlierStart(store, stationId, now)) ?? firstOfLastYear(now);
  return Math.floor(genesis / hourMs) * hourMs;
}

/**
 * The training start given by `from` or else by the configuration; undefined when neither gives one.
 * Throws when it is before NOAA's first hourly observations or after the clock.
 */
export function requestedStart(
  config: Pick<Config, "genesis">,
  { from, now }: { from?: number | undefined; now: number },
): number | undefined {
  const genesis = from ?? (config.genesis === null ? undefined : parseTime(config.genesis));
  if (genesis === undefined || (earliestGenesis <= genesis && genesis <= now)) return genesis;
  const [begin, clock] = [genesis, now].map((time) => new Date(time).toISOString());
  const reason = genesis > now ? `after the run's clock, ${clock}` : "before NOAA's first hourly observations";
  const setting = from === undefined ? "genesis in isotherm.config.ts" : "--from";
  throw new Error(`training would start at ${begin}, ${reason}: change ${setting}`);
}

async function earlierStart(store: Pick<Store, "all">, stationId: string, now: number): Promise<number | undefined> {
  const [snapshot] = await store.all<{ genesisTime: number }>(
    `SELECT genesisTime FROM snapshots WHERE stationId = $stationId AND genesisTime <= $now
     ORDER BY throughTime DESC LIMIT 1`,
    { stationId, now: timestamp(now) },
  );
  return snapshot?.genesisTime;
}

function firstOfLastYear(now: number): number {
  return Date.UTC(new Date(now).getUTCFullYear() - 1, 0);
}
