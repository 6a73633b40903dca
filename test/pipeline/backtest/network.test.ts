import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../../src/data/store/store.js";
import { backtest } from "../../../src/pipeline/backtest/backtest.js";
import { autoregression, observed } from "../../model/support/series.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, storeHours } from "../../support/training.js";

const [target, upstream, nowhere] = ["USW00000001", "USW00000002", "USW00000003"];
const hours = 760;
/** Hours that the weather takes from the station in the west to the one in the east. */
const travel = 12;

const home = await temporaryFolder();
const store = await openStore(home);
const leads = [12];
const run = (network?: readonly string[] | "all", workers?: number) =>
  backtest(store, configOf(home), [target], { from: at(480), to: at(hours - 1), leads, network, workers });
const errorOf = ({ stations: [station] }: Awaited<ReturnType<typeof run>>) => station!.leads[0]!.mae.mixture!;

beforeAll(async () => {
  const passing = autoregression(hours + travel, 0.98, 0.8, 7);
  const day = (i: number) => 12 + 4 * Math.sin((2 * Math.PI * i) / 24);
  const seen = (delay: number) =>
    Array.from({ length: hours }, (_, i) => observed(day(i) + passing[i + travel - delay]!, day(i) - 9));
  await storeHours(store, target, seen(travel));
  await storeHours(store, upstream, seen(0));
  for (const [id, longitude] of [
    [target, -87],
    [upstream, -92.5],
  ] as const)
    await store.run("INSERT INTO stations VALUES ($id, NULL, $id, 36, $longitude, NULL, 'UTC')", { id, longitude });
  alone = await run();
  together = await run([upstream]);
});
afterAll(() => store.close());

let alone: Awaited<ReturnType<typeof run>>;
let together: Awaited<ReturnType<typeof run>>;

describe("a backtest with a network", () => {
  test("knows the weather that is on its way", async () => {
    expect(errorOf(together)).toBeLessThan(0.8 * errorOf(alone));
  });

  test("gives the same scores for any order of stations and number of workers, with the station itself among them", async () => {
    expect(await run([target, upstream])).toEqual(together);
    expect(await run("all", 2)).toEqual(together);
  });

  test("gives the scores of a station without neighbours when there are none", async () => {
    expect(errorOf(await run([target]))).not.toEqual(errorOf(together));
    expect(await run([])).toEqual(alone);
  });

  test("is an error for stations without coordinates", async () => {
    await expect(run([upstream, nowhere])).rejects.toThrow(`no coordinates of ${nowhere} are stored; fetch them first`);
  });
});
