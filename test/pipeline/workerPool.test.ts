import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { quantities } from "../../src/model/vocabulary.js";
import type { ReplayTask } from "../../src/pipeline/replay.js";
import { WorkerPool } from "../../src/pipeline/workerPool.js";

const firstHour = 440_000;
const task: ReplayTask = {
  options: { experts: ["persistence"] },
  state: null,
  hoursDigest: "",
  firstHour,
  values: new Float64Array(2 * quantities.length).fill(10),
  official: null,
  snapshotHours: [firstHour + 1],
  keepStates: [],
  forecastsFrom: firstHour + 1,
  ewmaeHoursFrom: firstHour + 1,
};

test("a thread waits for the next station, and gives what this thread would", async () => {
  const pool = new WorkerPool("replay", { stations: 3, workers: 1 });
  const here = new WorkerPool("replay", { stations: 3 });
  try {
    const result = await pool.run(task);
    // Long enough for one that would end when idle.
    await setTimeout(100);
    expect(pool.started).toBe(1);
    expect(await pool.run(task)).toEqual(result);
    expect(await here.run(task)).toEqual(result);
    expect(here.started).toBe(0);
  } finally {
    await Promise.all([pool.destroy(), here.destroy()]);
  }
});
