import fc from "fast-check";
import { expect, test } from "vitest";
import { normal } from "../../../src/model/arithmetic/deterministicMath.js";
import { packState, unpackState } from "../../../src/model/arithmetic/state.js";
import { drawsOf } from "../../../src/model/draws/draws.js";
import { JointForecast } from "../../../src/model/draws/jointForecast.js";
import { answer, answersFrom, questionKinds, questionsAt } from "../../../src/model/draws/questions.js";
import { commonRanks, RankHistory } from "../../../src/model/draws/rankHistory.js";
import { issuedScores, normalShare, quantileAt, scoreOf } from "../../../src/model/extremes/quantiles.js";
import { maxLeadHours, quantileCount } from "../../../src/model/vocabulary.js";
import { firstHour } from "../support/series.js";

/** Quantiles of a standard normal, at each lead. */
const standard = Float32Array.from(
  { length: maxLeadHours * quantileCount },
  (_, i) => issuedScores[i % quantileCount]!,
);
const one = standard.subarray(0, quantileCount);
/** A whole day later than any of the hours learned. */
const asked = firstHour + 24 * 70;

/** Learns days of hourly scores, each forecast issued at the same hour; null is missing. */
function historyOf(days: readonly (readonly (number | null)[])[]): RankHistory {
  const history = new RankHistory();
  for (const [i, scores] of days.entries()) {
    const issued = asked - maxLeadHours - 24 * (days.length - 1 - i);
    history.start(issued);
    for (const [l, score] of scores.entries()) if (score !== null) history.learn(issued + l + 1, l + 1, one, score);
  }
  return history;
}

const row = (seed: number) => {
  const next = normal(seed);
  return Array.from({ length: maxLeadHours }, () => next());
};
const random = (days: number, seed = 1) => Array.from({ length: days }, (_, i) => row(seed * 1000 + i));
const leadOf = (draws: ArrayLike<number>, lead: number) =>
  Array.from({ length: draws.length / maxLeadHours }, (_, d) => draws[d * maxLeadHours + lead - 1]!);

/** Quantiles that rise. */
const rising = fc
  .tuple(
    fc.double({ min: -40, max: 40, noNaN: true }),
    fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 6, maxLength: 6 }),
  )
  .map(([first, steps]) => {
    let sum = first;
    return [first, ...steps.map((step) => (sum += step))];
  });

test("at every lead the draws are the quantiles at the levels (rank + ½) / count, whatever their order", () => {
  fc.assert(
    fc.property(fc.integer({ min: 30, max: 70 }), fc.integer({ min: 1, max: 1e6 }), rising, (days, seed, quantiles) => {
      const { ranks, count } = historyOf(random(days, seed)).ranks(asked);
      expect(count).toBe(Math.min(days, 60));
      const draws = drawsOf({ ranks, count }, repeated(quantiles));
      for (const lead of [1, 30, 72]) {
        const sorted = leadOf(draws, lead).sort((a, b) => a - b);
        const levels = sorted.map((value) => normalShare(scoreOf(quantiles, value)));
        expect(leadOf(ranks, lead).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        if (quantiles.every((q, i) => i === 0 || q - quantiles[i - 1]! > 0.1))
          for (const [i, level] of levels.entries()) expect(level).toBeCloseTo((i + 0.5) / count, 3);
      }
    }),
    { numRuns: 20 },
  );
});

function repeated(quantiles: readonly number[]): Float32Array {
  return Float32Array.from({ length: maxLeadHours * quantileCount }, (_, i) => quantiles[i % quantileCount]!);
}

test("the order of the days does not matter", () => {
  // Scores that differ at every lead, in another order at each.
  const days = Array.from({ length: 45 }, (_, place) =>
    Array.from({ length: maxLeadHours }, (_, l) => -3 + 0.13 * ((place * [1, 2, 4, 7, 8][l % 5]! + l) % 45)),
  );
  const courses = (history: RankHistory) => {
    const { ranks } = history.ranks(asked);
    return days
      .map((_, d) => ranks.subarray(d * maxLeadHours, (d + 1) * maxLeadHours).join())
      .sort()
      .join(" ");
  };
  const inOrder = courses(historyOf(days));
  fc.assert(
    fc.property(fc.shuffledSubarray(days, { minLength: 45 }), (shuffled) => courses(historyOf(shuffled)) === inOrder),
    { numRuns: 10 },
  );
});

test("missing hours: up to twelve are filled from their neighbours, a day with more gives no draw", () => {
  const days = random(40);
  const without = (count: number) =>
    days.map((day, i) => (i === 7 ? day.map((z, l) => (l >= 20 && l < 20 + count ? null : z)) : day));
  expect(historyOf(without(13)).ranks(asked)).toMatchObject({ count: 39, days: 39 });
  const filled = days.map((day, i) =>
    i === 7 ? day.map((z, l) => (l >= 20 && l < 32 ? day[19]! + ((l - 19) / 13) * (day[32]! - day[19]!) : z)) : day,
  );
  const [own, expected] = [historyOf(without(12)), historyOf(filled)].map((history) => history.ranks(asked).ranks);
  // Rounding the neighbours first may change a rank by a place.
  expect(Math.max(...own!.map((rank, i) => Math.abs(rank - expected![i]!)))).toBeLessThanOrEqual(2);
});

test("with fewer than thirty days each draw has one rank at all leads", () => {
  expect(historyOf(random(29)).ranks(asked)).toEqual(commonRanks);
  const draws = drawsOf(new RankHistory().ranks(asked), standard);
  for (let d = 0; d < 60; d++) expect(new Set(draws.subarray(d * maxLeadHours, (d + 1) * maxLeadHours)).size).toBe(1);
  expect(drawsOf(new RankHistory().ranks(asked), standard.subarray(0, 7)).slice(0, 2)).toEqual(
    Float32Array.of(draws[0]!, Number.NaN),
  );
});

test("a value's score leads back to it", () => {
  fc.assert(
    fc.property(rising, fc.double({ min: -4, max: 4, noNaN: true }), (quantiles, score) => {
      const value = quantileAt(quantiles, 0, score);
      expect(quantileAt(quantiles, 0, scoreOf(quantiles, value))).toBeCloseTo(value, 6);
    }),
  );
});

test("questions at any hour are about tomorrow, nights that are not over, and whole days to come", () => {
  for (const utcOffset of [-10, -6, 0, 5])
    for (let hour = firstHour; hour < firstHour + 48; hour++) {
      const local = (at: number) => (((at + utcOffset) % 24) + 24) % 24;
      const dayOf = (at: number) => Math.floor((at + utcOffset) / 24);
      const [change, tonight, next, ...means] = questionsAt(hour, utcOffset);
      expect([local(change!.startHour), local(change!.endHour), dayOf(change!.endHour)]).toEqual([
        9,
        21,
        dayOf(hour) + 1,
      ]);
      expect(change!.number).toBe(local(hour) >= 9 ? 0 : 1);
      expect([local(tonight!.startHour), local(tonight!.endHour)]).toEqual([18, 9]);
      expect(tonight!.endHour).toBeGreaterThan(hour);
      expect([next!.startHour - tonight!.startHour, next!.number > tonight!.number]).toEqual([24, true]);
      expect(
        means.map((mean) => [local(mean.startHour), local(mean.endHour), dayOf(mean.startHour) - dayOf(hour)]),
      ).toEqual([
        [0, 23, 1],
        [0, 23, 2],
      ]);
      expect(Math.max(...questionsAt(hour, utcOffset).map(({ endHour }) => endHour - hour))).toBeLessThanOrEqual(72);
    }
});

test("answers count what has been observed, and are exact when nothing is left open", () => {
  const hour = firstHour + 24 * 5 + 20;
  const questions = questionsAt(hour, 0);
  // Today's high was 12 °C; from now on it is 3 °C in each draw, and -1 °C from midnight to noon.
  const observed = Array.from({ length: 24 }, (_, i) => (i === 18 ? 12 : 4));
  const course = Array.from({ length: maxLeadHours }, (_, l) => ((l + 21) % 24 < 12 ? -1 : 3));
  const answers = answersFrom(questions, hour, Float32Array.from([...course, ...course]), observed);
  expect(answers.map(({ quantiles }) => quantiles[3])).toEqual([3 - 12, 10, 10, 1, 1]);
  expect(answers[0]!.odds).toBeLessThan(0.2);
  // A high of which two hours are unknown is not compared.
  const gaps = observed.map((value, i) => (i === 18 || i === 19 ? Number.NaN : value));
  expect(answersFrom(questions, hour, Float32Array.from(course), gaps)[0]!.odds).toBeNaN();
  const known = { firstHour: hour, temperatures: Float32Array.from(course) };
  expect(answer(questions[3]!, known)).toBe(1);
});

test("the state holds everything: a copy answers and scores the same", () => {
  const next = normal(3);
  const [first, second] = [new JointForecast(-5), new JointForecast(-5)];
  const step = (joint: JointForecast, hour: number, temperature: number) => {
    for (let lead = 1; lead <= maxLeadHours; lead++) joint.learn(hour, lead, one, temperature);
    joint.observe(hour, temperature);
    joint.issue(hour, standard);
  };
  let temperature = 0;
  for (let t = 0; t < 24 * 90; t++) {
    temperature = t % 50 === 9 ? Number.NaN : next();
    step(first, firstHour + t, temperature);
    if (t === 24 * 66) unpackState(second.state, packState(first.state));
    if (t > 24 * 66) step(second, firstHour + t, temperature);
  }
  expect(packState(second.state)).toEqual(packState(first.state));
  expect(second.ranks(firstHour + 24 * 90 - 1)).toEqual(first.ranks(firstHour + 24 * 90 - 1));
  const scores = [...first.scores.monthly()];
  expect(scores.map(({ kind, number }) => `${questionKinds[kind]} ${number}`)).toEqual([
    ...[
      "highChange 0",
      "highChange 1",
      "freezingHours 0",
      "freezingHours 1",
      "freezingHours 2",
      "dayMean 1",
      "dayMean 2",
    ],
  ]);
  // Four hours of issue a day.
  for (const { n } of scores.filter(({ kind }) => questionKinds[kind] === "dayMean")) expect(n).toBeGreaterThan(300);
});
