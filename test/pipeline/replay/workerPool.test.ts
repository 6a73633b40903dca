import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { quantities } from "../../../src/model/vocabulary.js";
import type { ReplayTask } from "../../../src/pipeline/replay/replay.js";
import { WorkerPool } from "../../../src/pipeline/replay/workerPool.js";

const firstHour = 440_000;
const task: ReplayTask = {
  options: { experts: ["persistence"] },
  state: null,
  hoursDigest: "",
  firstHour,
  values: new Float64Array(2 * quantities.length).fill(10),
  guidance: [],
  around: null,
  priors: {},
  snapshotHours: [firstHour + 1],
  keepStates: [],
  forecastsFrom: firstHour + 1,
  ewmaeHoursFrom: firstHour + 1,
  eveningsFrom: firstHour,
};

test("only a few stations per thread are in work at a time", async () => {
  const pool = new WorkerPool("replay", { stations: 50, workers: 2 });
  let [atWork, most] = [0, 0];
  const work = async (_: string, i: number) => {
    most = Math.max(most, ++atWork);
    await setTimeout(2);
    atWork--;
    return i;
  };
  onTestFinished(() => pool.destroy());
  const numbers = Array.from({ length: 50 }, (_, i) => i);
  expect(await pool.forEach(numbers.map(String), work)).toEqual(numbers);
  expect(most).toBe(4);
});

test("a thread waits for the next station and gives the same results as the main thread", async () => {
  const pool = new WorkerPool("replay", { stations: 3, workers: 1 });
  const here = new WorkerPool("replay", { stations: 3 });
  onTestFinished(() => pool.destroy());
  onTestFinished(() => here.destroy());
  const result = await pool.run(task);
  // Long enough for an idle thread to end.
  await setTimeout(100);
  expect(pool.started).toBe(1);
  expect(await pool.run(task)).toEqual(result);
  expect(await here.run(task)).toEqual(result);
  expect(here.started).toBe(0);
});
