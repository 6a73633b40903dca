import { expect, test } from "vitest";
import type { ForecasterOptions } from "../../../src/model/experts/modelOptions.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { ewmaeTrace, TracedReplay } from "../../../src/model/forecaster/tracedReplay.js";
import { fastRate, slowRate } from "../../../src/model/scores/ewmae.js";
import { columnCount, modelNames, quantities, reportedColumns } from "../../../src/model/vocabulary.js";
import { stepAll } from "../support/forecasters.js";
import { firstHour, guidanceFrom, simulatedGuidance, weather, withGaps } from "../support/series.js";

const rows = withGaps(weather(600, 5), 6);
const values = new Float64Array(rows.length * quantities.length);
rows.forEach((row, i) => {
  values.set(row, i * quantities.length);
});
const known = simulatedGuidance(rows, 7);
const guidance = new Float32Array(rows.length * columnCount).fill(Number.NaN);
known.forEach((forecast, i) => {
  if (forecast) guidance.set(forecast, i * columnCount);
});
const options: ForecasterOptions = { experts: ["rls", "persistence"], lags: [0, 1, 2, 24] };

function replayed(steps: number[]): TracedReplay {
  const replay = new TracedReplay(options, { firstHour, values, guidance: [] });
  for (const count of steps) replay.advance(count);
  return replay;
}

const whole = replayed([rows.length]);

test("errors are those of the forecasts that came due, also before 1970", () => {
  const errorsFrom = (firstHour: number) => {
    const replay = new TracedReplay({ experts: ["persistence"] }, { firstHour, values, guidance: [] });
    replay.advance(200);
    return replay.errors;
  };
  expect(errorsFrom(-150)).toEqual(errorsFrom(firstHour));
});

test("a replay gives the forecaster's results however it is split", () => {
  const forecaster = stepAll(new Forecaster(options), rows);
  expect(Buffer.compare(whole.forecaster.serialize(), forecaster.serialize())).toBe(0);
  const cut = replayed([1, 100, 5, 5000]);
  expect(cut.done).toBe(rows.length);
  expect(Buffer.compare(cut.forecaster.serialize(), forecaster.serialize())).toBe(0);
  expect(cut.errors).toEqual(whole.errors);
});

test("a replay uses the same guidance as the forecaster", () => {
  const experts = ["rls", "nws", "nwsCorrected"] as const;
  const forecaster = stepAll(new Forecaster({ experts }), rows, { guidance: known });
  const replay = new TracedReplay({ experts }, { firstHour, values, guidance: guidanceFrom("nws", guidance) });
  replay.advance(rows.length);
  expect(Buffer.compare(replay.forecaster.serialize(), forecaster.serialize())).toBe(0);
  const without = new TracedReplay({ experts }, { firstHour, values, guidance: [] });
  without.advance(rows.length);
  expect(Buffer.compare(without.forecaster.serialize(), forecaster.serialize())).not.toBe(0);
});

test("EWMAE of the recorded errors equals the forecaster's, to the bit, at every lead", () => {
  const mixture = modelNames.indexOf("mixture");
  const scored = [...whole.forecaster.scores.ewmaeValues()].filter(({ model }) => model === mixture);
  expect(scored.map(({ column }) => column)).toEqual(reportedColumns);
  scored.forEach(({ n, validationCorrected, validationSlow }, i) => {
    const last = rows.length - 1;
    expect(ewmaeTrace(whole.errors, i, fastRate, [last])).toEqual([{ index: last, n, ewmae: validationCorrected }]);
    expect(ewmaeTrace(whole.errors, i, slowRate, [last])).toEqual([{ index: last, n, ewmae: validationSlow }]);
  });
});

test("EWMAE is returned at the given hours, from the first error to the last hour replayed", () => {
  const part = whole.errors.subarray(0, 400 * reportedColumns.length);
  const at = [0, 100, 250, 399, 400];
  const points = ewmaeTrace(part, 3, 0.01, at);
  expect(points.map(({ index }) => index)).toEqual([100, 250, 399]);
  expect(points[1]).toEqual(ewmaeTrace(whole.errors, 3, 0.01, [250])[0]);
  // With ε = 1, EWMAE is the newest error.
  const newest = part.filter((error, i) => i % reportedColumns.length === 0 && !Number.isNaN(error)).at(-1);
  expect(ewmaeTrace(part, 0, 1, [399])[0]!.ewmae).toBe(newest);
});
