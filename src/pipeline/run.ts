import { randomUUID } from "node:crypto";
import type { HttpOptions } from "../data/http/http.js";
import { compactStore } from "../data/store/compactStore.js";
import { openStore, type Store, timestamp } from "../data/store/store.js";
import { type Clock, systemClock } from "../shared/clock.js";
import type { Config } from "../shared/config.js";
import type { Report } from "../shared/progress.js";
import { loadConfig } from "./loadConfig.js";

/** Everything a command that changes the store needs. */
export interface Run {
  runId: string;
  config: Config;
  clock: Clock;
  store: Store;
  report: Report;
  /** Timeouts and waits, for tests. */
  http?: Partial<HttpOptions> | undefined;
}

/**
 * Opens the store, does `work` and records the outcome in `runs`. Only one process writes, so a run still marked as
 * running was killed; it is marked as failed first.
 * Throws when the machine's clock is behind the hours learned.
 * @param asOf ISO 8601 time of `--as-of`; absent for now
 * @param given configuration, clock and waits that tests use instead of the deployment's
 */
export async function withRun<T>(
  { command, asOf, report }: { command: string; asOf?: string | undefined; report: Report },
  work: (run: Run) => Promise<T>,
  given: Partial<Pick<Run, "config" | "clock" | "http">> = {},
): Promise<T> {
  const config = given.config ?? (await loadConfig());
  const clock = given.clock ?? systemClock(asOf);
  const wallClock = systemClock();
  const store = await openStore(config.home);
  const runId = randomUUID();
  const finish = (outcome: "succeeded" | "failed", message: string | null) =>
    store.run(
      "UPDATE runs SET outcome = $outcome, message = $message, finishedTime = $finishedTime WHERE runId = $runId",
      { outcome, message, finishedTime: timestamp(wallClock.now()), runId },
    );
  try {
    await checkClock(store, clock);
    await store.run("UPDATE runs SET outcome = 'failed', message = 'killed before it ended' WHERE outcome = 'running'");
    await store.run(
      `INSERT INTO runs (runId, command, startedTime, "asOf", outcome)
       VALUES ($runId, $command, $startedTime, $asOf, 'running')`,
      { runId, command, startedTime: timestamp(wallClock.now()), asOf: timestamp(clock.now()) },
    );
    try {
      const result = await work({ runId, config, clock, store, report, http: given.http });
      await finish("succeeded", null);
      await compactStore(store, config.home);
      return result;
    } catch (error) {
      // Writing to a damaged store may fail; the first error is the one that matters.
      await finish("failed", error instanceof Error ? error.message : String(error)).catch(() => undefined);
      throw error;
    }
  } finally {
    store.close();
  }
}

/** Does `work` on the configured store, which is only read. Throws when nothing is stored, or another process is writing. */
export async function readStore<T>(work: (store: Store, config: Config) => Promise<T>): Promise<T> {
  const config = await loadConfig();
  const store = await openStore(config.home, { readOnly: true });
  try {
    return await work(store, config);
  } finally {
    store.close();
  }
}

/**
 * A run at an earlier clock deletes what was learned after it, live forecasts included. That is allowed with `--as-of`,
 * never because the machine's clock is wrong.
 */
async function checkClock(store: Store, clock: Clock): Promise<void> {
  if (clock.replaying) return;
  const now = clock.now();
  const [newest] = await store.all<{ learned: number | null }>(
    "SELECT epoch_ms(max(throughTime))::DOUBLE AS learned FROM snapshots",
  );
  if (newest?.learned == null || newest.learned <= now) return;
  const [learned, read] = [newest.learned, now].map((time) => new Date(time).toISOString());
  throw new Error(
    `this machine's clock shows ${read}, but hours up to ${learned} are learned: correct the clock, or go back with --as-of ${read}`,
  );
}
