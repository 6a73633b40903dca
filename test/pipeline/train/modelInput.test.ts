import { expect, it } from "vitest";
import { hourOf } from "../../../src/model/calendar.js";
import { columnCount, columnOf, modelNames } from "../../../src/model/vocabulary.js";
import { officialValues } from "../../../src/pipeline/train/modelInput.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";
import {
  atHoursOf,
  genesis,
  history,
  learned,
  storeOfficial as store,
  storeHours,
  trainTo,
} from "../../support/training.js";

const id = "USW00000001";
const temporary = useTemporaryStore();
const firstHour = hourOf(genesis);

const storeOfficial = (hour: number, leads: number, celsius: (lead: number) => number) =>
  store(temporary.store, id, hour, leads, celsius);

/** The input at an hour after the training start, for a lead. */
function seen(values: Float32Array, hour: number, variable: number, lead: number): number {
  return values[hour * columnCount + columnOf(variable, lead)]!;
}

it("has at each hour the newest official forecast first seen before it, for a day at most, at its own leads", async () => {
  await storeOfficial(4, 96, (lead) => 4 + lead);
  await storeOfficial(7, 96, (lead) => 100 + lead);
  const values = (await officialValues(temporary.store, id, firstHour, firstHour + 40))!;
  expect(values).toHaveLength(41 * columnCount);
  for (const [hour, lead, expected] of [
    [4, 1, Number.NaN], // not in the hour in which it was first seen
    [5, 1, 6], // the forecast for two hours later
    [7, 72, 4 + 3 + 72],
    [8, 1, 100 + 2],
    [31, 72, 100 + 24 + 72],
    [32, 1, Number.NaN], // older than a day
  ] as const)
    expect([hour, lead, seen(values, hour, 0, lead)]).toEqual([hour, lead, expected]);
  expect(seen(values, 5, 1, 5)).toBe(Number.NaN); // no dew point for the sixth hour
  expect(seen(values, 5, 1, 6)).toBe(4 + 7 - 3);
  // The same wherever a replay begins and ends.
  const part = (await officialValues(temporary.store, id, firstHour + 6, firstHour + 20))!;
  expect(part).toEqual(values.subarray(6 * columnCount, 21 * columnCount));
});

it("is null without an official forecast", async () => {
  await storeOfficial(30, 96, () => 1);
  expect(await officialValues(temporary.store, "USW00000002", firstHour, firstHour + 40)).toBeNull();
  expect(await officialValues(temporary.store, id, firstHour, firstHour + 30)).toBeNull();
  expect(await officialValues(temporary.store, id, firstHour, firstHour + 31)).not.toBeNull();
});

it("is learned the same wherever training stops", async () => {
  const { home } = temporary;
  const rows = history(100, 31);
  await storeHours(temporary.store, id, rows);
  for (let hour = 20; hour < 90; hour += 6) await storeOfficial(hour, 96, (lead) => (rows[hour + lead]?.[0] || 9) + 1);
  await trainTo(temporary.store, home, [id], 95);
  const atOnce = await learned(temporary.store, id);
  const scored = await temporary.store.all<{ model: string; n: number }>(
    "SELECT model, sum(n)::INTEGER AS n FROM scores WHERE leadHours = 6 AND variable = 'temperature' GROUP BY ALL",
  );
  const counts = Object.fromEntries(scored.map(({ model, n }) => [model, n]));
  expect(Object.keys(counts).sort()).toEqual([...modelNames].filter((name) => counts[name]! > 0).sort());
  expect(counts.official).toBeGreaterThan(40);
  expect(counts.officialCorrected).toBe(counts.official);

  for (const stop of [24, 50, 51, 95]) await trainTo(temporary.store, home, [id], stop, { from: genesis });
  expect(atHoursOf(await learned(temporary.store, id), atOnce)).toEqual(
    atHoursOf(atOnce, await learned(temporary.store, id)),
  );
});
