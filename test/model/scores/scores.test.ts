import fc from "fast-check";
import { expect, test } from "vitest";
import { crps, pinball, pitBin } from "../../../src/model/scores/crps.js";
import { type MonthlyCalibration, Scores } from "../../../src/model/scores/scores.js";
import {
  columnOf,
  maxLeadHours,
  modelNames,
  quantileCount,
  quantileLevels,
  reportedLeads,
} from "../../../src/model/vocabulary.js";
import { firstHour } from "../support/series.js";

interface Scored {
  model: number;
  column: number;
  hour: number;
  error: number;
  trainedError: number;
}

const error = fc.double({ min: -30, max: 30, noNaN: true });
const hourlyModels: readonly string[] = ["persistence", "seasonalNaive", "mixture"];
// Few columns, so that each has several errors; one is not at a reported lead.
const column = fc.constantFrom(columnOf(0, 1), columnOf(0, 2), columnOf(0, 24), columnOf(1, 24), columnOf(1, 72));
const scored: fc.Arbitrary<Scored> = fc.record({
  model: fc.constantFrom(0, 3, modelNames.length - 1),
  column,
  hour: fc.integer({ min: firstHour, max: firstHour + 72 }),
  error,
  trainedError: error,
});
const list = fc.array(scored, { maxLength: 120 });

function score(all: readonly Scored[], scores = new Scores()): Scores {
  for (const { model, column, hour, error, trainedError } of all) {
    scores.addValidation(model, column, hour, error);
    scores.addTraining(model, column, trainedError);
  }
  return scores;
}

function groupBy(all: readonly Scored[], key: (one: Scored) => string): Map<string, Scored[]> {
  const groups = new Map<string, Scored[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const isReported = (column: number) => (reportedLeads as readonly number[]).includes((column % maxLeadHours) + 1);

test("errors by hour of the day are those of the valid times, at the reported leads", () => {
  fc.assert(
    fc.property(list, (all) => {
      const reported = all.filter((one) => isReported(one.column) && hourlyModels.includes(modelNames[one.model]));
      const groups = groupBy(reported, ({ model, column, hour }) => `${model} ${column} ${hour % 24}`);
      const hourly = [...score(all).monthlyByHour()];
      expect(hourly.length).toBe(groups.size);
      for (const { model, column, hourOfDay, n, mae, bias, rmse } of hourly) {
        const errors = groups.get(`${model} ${column} ${hourOfDay}`)!.map((one) => one.error);
        expect(n).toBe(errors.length);
        expect(mae).toBeCloseTo(mean(errors.map(Math.abs)), 4);
        expect(bias).toBeCloseTo(mean(errors), 4);
        expect(rmse).toBeCloseTo(Math.sqrt(mean(errors.map((e) => e * e))), 4);
      }
    }),
  );
});

test("EWMAE follows its definition: validation from the error before learning, training from the error after it", () => {
  fc.assert(
    fc.property(list, (all) => {
      const reported = all.filter((one) => isReported(one.column));
      const groups = groupBy(reported, ({ model, column }) => `${model} ${column}`);
      const values = [...score(all).ewmaeValues()];
      expect(values.length).toBe(groups.size);
      for (const value of values) {
        const group = groups.get(`${value.model} ${value.column}`)!;
        const ewmae = (errors: readonly number[], rate: number) =>
          errors.reduce((e, next) => rate * Math.abs(next) + (1 - rate) * e, 0);
        const validation = ewmae(
          group.map((one) => one.error),
          0.1,
        );
        const training = ewmae(
          group.map((one) => one.trainedError),
          0.1,
        );
        const slow = ewmae(
          group.map((one) => one.error),
          0.001,
        );
        const n = group.length;
        expect(value.n).toBe(n);
        expect(value.validation).toBeCloseTo(validation, 9);
        expect(value.training).toBeCloseTo(training, 9);
        expect(value.validationCorrected).toBeCloseTo(validation / (1 - 0.9 ** n), 9);
        expect(value.trainingCorrected).toBeCloseTo(training / (1 - 0.9 ** n), 9);
        expect(value.validationSlow).toBeCloseTo(slow / (1 - 0.999 ** n), 8);
      }
    }),
  );
});

test("calibration counts every observation in one bin and averages CRPS and pinball losses, by month and by hour", () => {
  const bounds = fc
    .array(error, { minLength: quantileCount, maxLength: quantileCount })
    .map((values) => values.sort((a, b) => a - b));
  const hour = fc.integer({ min: firstHour, max: firstHour + 700 });
  fc.assert(
    fc.property(fc.array(fc.record({ column, hour, bounds, y: error }), { maxLength: 60 }), (all) => {
      const scores = new Scores();
      for (const { column, hour, bounds, y } of all) scores.addQuantiles(column, hour, bounds, y);
      const check = (group: typeof all, { n, crps: meanCrps, bins, pinball: losses }: MonthlyCalibration) => {
        const expected = new Array(quantileCount + 1).fill(0);
        for (const { bounds, y } of group) expected[pitBin(bounds, y)]++;
        expect(n).toBe(group.length);
        expect(bins).toEqual(expected);
        expect(meanCrps).toBeCloseTo(mean(group.map(({ bounds, y }) => crps(bounds, y))), 4);
        for (const [q, level] of Object.values(quantileLevels).entries())
          expect(losses[q]).toBeCloseTo(mean(group.map(({ bounds, y }) => pinball(level, bounds[q], y))), 4);
      };
      const monthly = [...scores.monthlyCalibration()];
      expect(monthly.length).toBe(new Set(all.map((one) => one.column)).size);
      for (const calibration of monthly)
        check(
          all.filter((one) => one.column === calibration.column),
          calibration,
        );
      const byHour = [...scores.monthlyCalibrationByHour()];
      const reported = all.filter((one) => isReported(one.column));
      expect(byHour.length).toBe(new Set(reported.map((one) => `${one.column} ${one.hour % 24}`)).size);
      for (const calibration of byHour)
        check(
          reported.filter((one) => one.column === calibration.column && one.hour % 24 === calibration.hourOfDay),
          calibration,
        );
    }),
  );
});

test("a new month clears the sums and keeps EWMAE", () => {
  const all: Scored[] = [1, 2, 3].map((error) => ({ model: 0, column: 0, hour: firstHour, error, trainedError: 0 }));
  const scores = score(all);
  scores.addQuantiles(0, firstHour, [1, 2, 3, 4, 5, 6, 7], 3);
  const before = [...scores.ewmaeValues()];
  scores.clearMonth();
  expect([
    ...scores.monthly(),
    ...scores.monthlyByHour(),
    ...scores.monthlyCalibration(),
    ...scores.monthlyCalibrationByHour(),
  ]).toEqual([]);
  expect([...scores.ewmaeValues()]).toEqual(before);
  score(all, scores);
  expect([...scores.monthly()].map(({ n }) => n)).toEqual([3]);
  expect([...scores.ewmaeValues()].map(({ n }) => n)).toEqual([6]);
});

test("reports nothing before anything is scored", () => {
  const scores = new Scores();
  expect([
    ...scores.monthly(),
    ...scores.monthlyByHour(),
    ...scores.monthlyCalibration(),
    ...scores.ewmaeValues(),
  ]).toEqual([]);
});
