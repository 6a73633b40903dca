import { sampleCorrelation } from "simple-statistics";
import { describe, expect, test } from "vitest";
import { uniform } from "../../src/model/arithmetic/deterministicMath.js";
import { type DailyLoss, lossDifference } from "../../src/shared/lossDifference.js";
import { dayMs } from "../../src/shared/time.js";

/** Daily losses with autocorrelated differences around `mean`. @param memory autocorrelation at a lag of one day */
function series(random: () => number, days: number, { mean, memory }: { mean: number; memory: number }): DailyLoss[] {
  let weather = 0;
  return Array.from({ length: days }, (_, i) => {
    weather = memory * weather + (random() - 0.5);
    return { day: i * dayMs, n: 24, mae: 2 + mean + weather, baselineMae: 2 };
  });
}

/** The 95 % interval of the mean difference, from 1,500 samples of blocks of days. */
function blockBootstrap(losses: DailyLoss[], random: () => number, block = 14): [number, number] {
  const differences = losses.map(({ mae, baselineMae }) => mae - baselineMae);
  const means = Array.from({ length: 1500 }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < differences.length; drawn += block) {
      const start = Math.floor(random() * (differences.length - block + 1));
      for (let i = 0; i < Math.min(block, differences.length - drawn); i++) sum += differences[start + i]!;
    }
    return sum / differences.length;
  }).sort((a, b) => a - b);
  return [means[Math.round(0.025 * 1500)]!, means[Math.round(0.975 * 1500)]!];
}

describe("the difference between the errors of two forecasts", () => {
  test("is the difference of mean losses, weighted by hours; skill is one minus their ratio", () => {
    const losses = Array.from({ length: 40 }, (_, i) => ({
      day: i * dayMs,
      n: i < 20 ? 24 : 12,
      mae: 1,
      baselineMae: 2,
    }));
    losses[0]!.mae = 1.72;
    const { difference, skill, n, days } = lossDifference(losses, 1)!;
    expect([n, days]).toEqual([720, 40]);
    expect(difference).toBeCloseTo((24 * 1.72 + 696) / 720 - 2, 12);
    expect(skill).toBeCloseTo(1 - (24 * 1.72 + 696) / 720 / 2, 12);
  });

  test("has an interval like that of a block bootstrap on autocorrelated days", () => {
    const random = uniform(7);
    const losses = series(random, 600, { mean: -0.1, memory: 0.5 });
    const shift = losses.map(({ mae }) => mae);
    expect(sampleCorrelation(shift.slice(1), shift.slice(0, -1))).toBeGreaterThan(0.4);
    const { differenceLow, differenceHigh } = lossDifference(losses, 24)!;
    const [low, high] = blockBootstrap(losses, random);
    expect(Math.abs((differenceHigh - differenceLow) / (high - low) - 1)).toBeLessThan(0.15);
    expect(differenceLow).toBeCloseTo(low, 1);
  });

  test("has an interval that contains the true difference in about 95 % of samples", () => {
    const random = uniform(11);
    let covered = 0;
    for (let i = 0; i < 300; i++) {
      const { differenceLow, differenceHigh } = lossDifference(series(random, 400, { mean: 0.05, memory: 0.4 }), 24)!;
      if (differenceLow < 0.05 && 0.05 < differenceHigh) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.985);
  });

  test("leaves a gap for a missing day", () => {
    const losses = series(uniform(3), 90, { mean: 0, memory: 0.6 });
    const gappy = lossDifference(
      losses.filter((_, i) => i % 9 !== 4),
      1,
    )!;
    expect(gappy.days).toBe(80);
    // Without the gaps, other days would be neighbours.
    const closed = lossDifference(
      losses.filter((_, i) => i % 9 !== 4).map((loss, i) => ({ ...loss, day: i * dayMs })),
      1,
    )!;
    expect(gappy.difference).toBe(closed.difference);
    expect(gappy.differenceHigh).not.toBe(closed.differenceHigh);
  });

  test("is null for fewer than 30 days", () => {
    const losses = series(uniform(5), 30, { mean: 0, memory: 0 });
    expect(lossDifference(losses, 1)).not.toBeNull();
    expect(lossDifference(losses.slice(1), 1)).toBeNull();
    expect(lossDifference([], 1)).toBeNull();
  });
});
