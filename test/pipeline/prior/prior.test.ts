import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../../src/data/store/store.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { backtest } from "../../../src/pipeline/backtest/backtest.js";
import { makePrior } from "../../../src/pipeline/prior/makePrior.js";
import { dishonesty, type Prior, readPrior, writePrior } from "../../../src/pipeline/replay/priorFile.js";
import { readConfiguredPrior } from "../../../src/pipeline/train/stationModel.js";
import { weather } from "../../model/support/series.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, storeHours } from "../../support/training.js";

/** The newcomer is 1,300 km away. */
const [first, second, newcomer] = ["USW00000001", "USW00000002", "USW00000003"];
const hours = 440;
/** The others teach for so many hours, then the newcomer starts. */
const start = 300;

const home = await temporaryFolder();
const store = await openStore(home);
const file = join(home, "a.prior");
let prior: Prior;
/** Error of the newcomer with it. */
let warm: number;
const make = (ids: readonly string[]) =>
  makePrior(store, configOf(home), ids, { from: at(0), to: at(start - 1), network: "all" });
const errorOf = async (options: { prior?: Prior }, id = newcomer) => {
  const period = { from: at(start), to: at(start + 120), learnFrom: at(start), leads: [6], network: "all" as const };
  const { stations } = await backtest(store, configOf(home), [id], { ...period, ...options });
  return stations[0]!.leads[0]!.mae.mixture!;
};

beforeAll(async () => {
  for (const [i, id] of [first, second, newcomer].entries()) {
    await storeHours(store, id, weather(hours, 30 + 3 * i));
    const latitude = id === newcomer ? 45 : 30 + 3 * i;
    await store.run("INSERT INTO stations VALUES ($id, NULL, $id, $latitude, -87, NULL, 'UTC')", { id, latitude });
  }
  prior = await make([first, second]);
  writePrior(file, prior);
  warm = await errorOf({ prior });
});
afterAll(() => store.close());

describe("a prior", () => {
  test("takes a quarter off the error of the first days of a station in another region", async () => {
    expect(warm).toBeLessThan(0.75 * (await errorOf({})));
  });

  test("is the same for any order of stations", async () => {
    writePrior(join(home, "b.prior"), await make([second, first, second]));
    expect(readFileSync(join(home, "b.prior"))).toEqual(readFileSync(file));
  });

  test("comes back from its file, less the digits that half precision does not have", async () => {
    const back = readPrior(file);
    expect(back.header).toEqual(prior.header);
    expect(back.header).toMatchObject({ stations: [first, second], firstTime: at(0), lastTime: at(start - 1) });
    writePrior(join(home, "again.prior"), back);
    expect(readPrior(join(home, "again.prior")).header).toEqual(back.header);
    expect(await errorOf({ prior: back })).toBeCloseTo(warm, 2);
  });

  test("is refused when its file is cut off or something else", () => {
    const cut = join(home, "cut.prior");
    writeFileSync(cut, readFileSync(file));
    truncateSync(cut, 5000);
    expect(() => readPrior(cut)).toThrow(/cut\.prior is not a prior: it is cut off/);
    writeFileSync(cut, "weather");
    expect(() => readPrior(cut)).toThrow(/cut\.prior is not a prior/);
  });

  test("is for stations and hours that it knows nothing of", async () => {
    await expect(errorOf({ prior }, first)).rejects.toThrow(`the prior was made from ${first} itself`);
    expect(dishonesty(prior, { stationId: newcomer, startTime: at(start - 1) })).toBe(
      "the prior knows hours up to 2020-02-06T11:00:00.000Z, but USW00000003 starts at 2020-02-06T11:00:00.000Z",
    );
    expect(dishonesty(prior, { stationId: newcomer, startTime: at(start) })).toBeNull();
  });

  test("is made and used in a network only, and of hours that are stored", async () => {
    const period = { from: at(0), to: at(start - 1) };
    await expect(makePrior(store, configOf(home), [first], period)).rejects.toThrow("a prior needs a network");
    await expect(
      backtest(store, configOf(home), [newcomer], { from: at(start), to: at(hours), prior }),
    ).rejects.toThrow("a prior needs a network");
    await expect(
      makePrior(store, configOf(home), [first], { from: at(-900), to: at(-100), network: "all" }),
    ).rejects.toThrow(`${first} has too few hours`);
  });
});

test("the shipped prior fits the model, is small, and knows only old hours of other stations", () => {
  const { header, experts } = readConfiguredPrior({ prior: "shipped" })!;
  expect(() => new Forecaster({ network: true }, experts)).not.toThrow();
  expect(statSync(fileURLToPath(new URL("../../../src/model/prior.bin", import.meta.url))).size).toBeLessThan(1e6);
  expect(new Date(header.lastTime).toISOString()).toBe("2020-12-31T23:00:00.000Z");
  // The airports of 2025 in the archive, `USI…`, may not be passed on.
  for (const stationId of header.stations) expect(stationId).toMatch(/^USW/);
});
