import { availableParallelism } from "node:os";
import pLimit, { type LimitFunction } from "p-limit";
import { Piscina } from "piscina";
import { quantities } from "../../model/vocabulary.js";
import { replayBacktest } from "./backtestReplay.js";
import { replay } from "./replay.js";

const functions = { replay, replayBacktest };
type Name = keyof typeof functions;
type Task<N extends Name> = Parameters<(typeof functions)[N]>[0];
type Result<N extends Name> = ReturnType<(typeof functions)[N]>;

/** A thread takes a second to start: what fewer stations than these have to do, of fewer hours in all, is done before. */
const fewStations = 16;
const fewHours = 1000;

export interface PoolOptions {
  /** How many stations there are tasks of. */
  stations: number;
  /** Worker threads; absent, as many as there are cores, and this thread does what is not worth the start of one. */
  workers?: number | undefined;
}

/** Runs one of the functions of `worker.mjs` in worker threads. */
export class WorkerPool<N extends Name> {
  private readonly name: N;
  private readonly threads: Piscina;
  /** Hours of a task that is done in this thread. */
  private readonly maxHoursInThread: number;
  private readonly turns: LimitFunction;

  constructor(name: N, { stations, workers }: PoolOptions) {
    this.name = name;
    this.maxHoursInThread = workers === undefined && stations <= fewStations ? fewHours / stations : 0;
    this.threads = new Piscina({
      filename: new URL("./worker.mjs", import.meta.url).href,
      name,
      minThreads: 0,
      // Else a thread ends as soon as nothing waits for it, and the next station waits for another to start.
      idleTimeout: Number.POSITIVE_INFINITY,
      maxThreads: Math.max(1, Math.min(workers ?? availableParallelism(), stations)),
    });
    this.turns = pLimit(2 * this.size);
  }

  /** Tasks that can be run at a time. */
  get size(): number {
    return this.threads.options.maxThreads;
  }

  /** Threads that have been started; they stay until the pool is destroyed. */
  get started(): number {
    return this.threads.threads.length;
  }

  /** Does what is to be done of a station: of one at work and one that waits for each thread, as all may not fit into memory. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns(work);
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
