import { availableParallelism } from "node:os";
import pLimit, { type LimitFunction } from "p-limit";
import { Piscina } from "piscina";
import { quantities } from "../../model/vocabulary.js";
import { replayBacktest } from "./backtestReplay.js";
import { replayPrior } from "./priorReplay.js";
import { replay } from "./replay.js";

const functions = { replay, replayBacktest, replayPrior };
type Name = keyof typeof functions;
type Task<N extends Name> = Parameters<(typeof functions)[N]>[0];
type Result<N extends Name> = ReturnType<(typeof functions)[N]>;

/** Starting a thread takes a second; a task of fewer stations and hours than these is faster in the main thread. */
const fewStations = 16;
const fewHours = 1000;

export interface PoolOptions {
  /** Number of stations with tasks. */
  stations: number;
  /** Worker threads; by default one per core, and short tasks run in the main thread. */
  workers?: number | undefined;
}

/** Runs one of the functions of `worker.mjs` in worker threads. */
export class WorkerPool<N extends Name> {
  private readonly name: N;
  private readonly threads: Piscina;
  /** Longest task, in hours, that runs in the main thread. */
  private readonly maxHoursInThread: number;
  private readonly turns: LimitFunction;

  constructor(name: N, { stations, workers }: PoolOptions) {
    this.name = name;
    this.maxHoursInThread = workers === undefined && stations <= fewStations ? fewHours / stations : 0;
    this.threads = new Piscina({
      filename: new URL("./worker.mjs", import.meta.url).href,
      name,
      minThreads: 0,
      // Otherwise a thread ends as soon as it is idle, and the next station has to wait for a new one.
      idleTimeout: Number.POSITIVE_INFINITY,
      maxThreads: Math.max(1, Math.min(workers ?? availableParallelism(), stations)),
    });
    this.turns = pLimit(2 * this.size);
  }

  /** How many tasks can run at once. */
  get size(): number {
    return this.threads.options.maxThreads;
  }

  /** Number of threads started; they run until the pool is destroyed. */
  get started(): number {
    return this.threads.threads.length;
  }

  /**
   * Works on stations in turn, at most two per thread at once, to limit memory. When one fails, the others finish first:
   * none may still use a store that is then closed.
   */
  async forEach<T>(stationIds: readonly string[], work: (stationId: string, i: number) => Promise<T>): Promise<T[]> {
    const works = stationIds.map((stationId, i) => this.turns(() => work(stationId, i)));
    await Promise.allSettled(works);
    return Promise.all(works);
  }

  async run(task: Task<N>): Promise<Result<N>> {
    const hours = task.values.length / quantities.length;
    if (hours > this.maxHoursInThread) return this.threads.run(task);
    return (functions[this.name] as (task: Task<N>) => Result<N>)(task);
  }

  destroy(): Promise<void> {
    return this.threads.destroy();
  }
}
