import { Piscina } from "piscina";

/** Worker threads that run one of the functions of `worker.mjs`. */
export function createPool<Task, Result>(name: "replay" | "replayBacktest", threads: number): Piscina<Task, Result> {
  return new Piscina({
    filename: new URL("./worker.mjs", import.meta.url).href,
    name,
    minThreads: 0,
    maxThreads: Math.max(1, threads),
  });
}
