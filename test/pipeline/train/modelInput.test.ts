import { expect, it } from "vitest";
import { hourOf } from "../../../src/model/calendar.js";
import { columnCount, columnOf, guidanceSources, modelNames } from "../../../src/model/vocabulary.js";
import { guidanceValues } from "../../../src/pipeline/train/modelInput.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";
import {
  atHoursOf,
  type GuidanceOptions,
  genesis,
  history,
  learned,
  storeGuidance,
  storeHours,
  trainTo,
} from "../../support/training.js";

const id = "USW00000001";
const temporary = useTemporaryStore();
const firstHour = hourOf(genesis);

const storeRun = (hour: number, celsius: (lead: number) => number, options?: GuidanceOptions) =>
  storeGuidance(temporary.store, id, hour, 96, celsius, options);

/** The input at these hours after the training start, by source. */
async function inputs(from: number, to: number, isLive?: boolean) {
  const values = await guidanceValues(temporary.store, id, firstHour + from, firstHour + to, { isLive });
  return Object.fromEntries(guidanceSources.map((source, i) => [source, values[i]!]));
}

/** The input at an hour after the first, for a lead. */
function seen(values: Float32Array, hour: number, variable: number, lead: number): number {
  return values[hour * columnCount + columnOf(variable, lead)]!;
}

it("has at each hour the guidance public before it, for a day at most, at its own leads", async () => {
  await storeRun(4, (lead) => 4 + lead);
  await storeRun(7, (lead) => 100 + lead);
  const { nws, nbm } = await inputs(0, 40);
  expect(nbm).toBeNull();
  expect(nws).toHaveLength(41 * columnCount);
  for (const [hour, lead, expected] of [
    [4, 1, Number.NaN], // not in the hour in which it was first public
    [5, 1, 6], // the forecast for two hours later
    [7, 72, 4 + 3 + 72],
    [8, 1, 100 + 2],
    [31, 72, 100 + 24 + 72],
    [32, 1, Number.NaN], // older than a day
  ] as const)
    expect([hour, lead, seen(nws!, hour, 0, lead)]).toEqual([hour, lead, expected]);
  expect(seen(nws!, 5, 1, 5)).toBe(Number.NaN); // no dew point for the sixth hour
  expect(seen(nws!, 5, 1, 6)).toBe(4 + 7 - 3);
  // The same wherever a replay begins and ends.
  expect((await inputs(6, 20)).nws).toEqual(nws!.subarray(6 * columnCount, 21 * columnCount));
});

it("has what earlier runs said where a run changes nothing, as long as that run is not older than a day", async () => {
  await storeRun(4, (lead) => 4 + lead);
  await storeGuidance(temporary.store, id, 20, 0, () => 0);
  const { nws } = await inputs(0, 50);
  expect([29, 44, 45].map((hour) => seen(nws!, hour, 0, 1))).toEqual([30, 45, Number.NaN]);
  expect((await inputs(40, 50)).nws).toEqual(nws!.subarray(40 * columnCount));
});

it("keeps sources apart, and leaves out imported guidance where it is to be live", async () => {
  await storeRun(4, () => 1, { source: "nbm" });
  await storeRun(4, () => 2, { source: "nws", imported: true });
  await storeRun(4, () => 3, { source: "archive", imported: true });
  const newest = (values: Float32Array | null) => values && seen(values, 0, 0, 1);
  const atFive = async (isLive?: boolean) => Object.values(await inputs(5, 5, isLive)).map(newest);
  expect(guidanceSources).toEqual(["nbm", "nws", "other"]);
  expect(await atFive()).toEqual([1, 2, 3]);
  expect(await atFive(true)).toEqual([1, null, null]);
});

it("is null without guidance", async () => {
  await storeRun(30, () => 1);
  expect(await guidanceValues(temporary.store, "USW00000002", firstHour, firstHour + 40)).toEqual([null, null, null]);
  expect((await inputs(0, 30)).nws).toBeNull();
  expect((await inputs(0, 31)).nws).not.toBeNull();
});

it("is learned the same wherever training stops", async () => {
  const { home } = temporary;
  const rows = history(100, 31);
  await storeHours(temporary.store, id, rows);
  for (let hour = 20; hour < 90; hour += 6) {
    await storeRun(hour, (lead) => (rows[hour + lead]?.[0] || 9) + 1);
    if (hour > 40) await storeRun(hour, (lead) => (rows[hour + lead]?.[0] || 9) - 1, { source: "nbm" });
  }
  await trainTo(temporary.store, home, [id], 95);
  const atOnce = await learned(temporary.store, id);
  const scored = await temporary.store.all<{ model: string; n: number }>(
    "SELECT model, sum(n)::INTEGER AS n FROM scores WHERE leadHours = 6 AND variable = 'temperature' GROUP BY ALL",
  );
  const counts = Object.fromEntries(scored.map(({ model, n }) => [model, n]));
  expect(Object.keys(counts).sort()).toEqual([...modelNames].filter((name) => counts[name]! > 0).sort());
  expect(counts.nws).toBeGreaterThan(40);
  expect(counts.nwsCorrected).toBe(counts.nws);
  expect(counts.nbm).toBeGreaterThan(30);
  expect(counts.nbmCorrected).toBe(counts.nbm);

  for (const stop of [24, 50, 51, 95]) await trainTo(temporary.store, home, [id], stop, { from: genesis });
  expect(atHoursOf(await learned(temporary.store, id), atOnce)).toEqual(
    atHoursOf(atOnce, await learned(temporary.store, id)),
  );
});
