import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { normal } from "../../../src/model/arithmetic/deterministicMath.js";
import { Forecaster } from "../../../src/model/forecaster/forecaster.js";
import { fieldValueCount } from "../../../src/model/network/fields.js";
import { firstHour, weather, withGaps, withHelpers } from "../support/series.js";

const hours = 420;
const rows = withGaps(withHelpers(weather(hours, 3), 4), 5);
const next = normal(6);
const fields = rows.map(() => Float32Array.from({ length: fieldValueCount }, next));
const options = { network: true };

/** Comparing millions of bytes one by one is slow. */
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Steps through hours; the digest of the state at the end and the mixture's forecasts of each hour. */
function run(forecaster: Forecaster, from: number, to: number, seen = fields) {
  const issued: Float32Array[] = [];
  for (let i = from; i < to; i++) {
    forecaster.step(firstHour + i, rows[i]!, undefined, seen[i]!);
    issued.push(forecaster.issued.at(-1)!.slice());
  }
  return { state: digest(forecaster.serialize()), forecaster, issued };
}

const whole = run(new Forecaster(options), 0, hours);

test("a forecaster in a network goes on from its state with the same bits", () => {
  const first = run(new Forecaster(options), 0, 333);
  const resumed = new Forecaster(options);
  resumed.restore(first.forecaster.serialize());
  const rest = run(resumed, 333, hours);
  expect(rest.issued).toEqual(whole.issued.slice(333));
  expect(rest.state).toEqual(whole.state);
});

test("a forecast uses the fields of its hour and none of later hours", () => {
  const poisoned = fields.map((values, i) => (i < 400 ? values : values.map(() => 1e6)));
  const { issued } = run(new Forecaster(options), 0, hours, poisoned);
  expect(issued.slice(0, 400)).toEqual(whole.issued.slice(0, 400));
  const used = rows.findIndex((row, i) => i >= 400 && !Number.isNaN(row[0]!));
  expect(issued[used]).not.toEqual(whole.issued[used]);
});

test("without a network the fields change nothing", () => {
  const alone = run(new Forecaster(), 0, 100);
  expect(
    run(
      new Forecaster(),
      0,
      100,
      fields.map(() => new Float32Array(0)),
    ).state,
  ).toEqual(alone.state);
});
