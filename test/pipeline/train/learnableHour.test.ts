import { describe, expect, it } from "vitest";
import { learnableHour } from "../../../src/pipeline/train/learnableHour.js";
import { hourMs } from "../../../src/shared/time.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";
import { at, genesis } from "../../support/training.js";

const temporary = useTemporaryStore();
const station = "USW00000001";
const minutes = (n: number) => n / 60;

/** Stores temperatures at these hours after genesis. */
async function observe(...hours: number[]): Promise<void> {
  const columns = ["stationId", "validTime", "variable", "firstValue", "firstSource", "firstSeenTime", "value"];
  await temporary.store.append(
    "hours",
    [...columns, "source", "reportTime", "reportType"],
    hours.map((hour) => [station, at(hour), "temperature", 1, "awc", at(hour), 1, "awc", at(hour), "FM15"]),
  );
}

/** The hours from `from` to `through` that pass the test. */
function hoursOf(from: number, through: number, isReported: (hourOfDay: number) => boolean = () => true): number[] {
  return Array.from({ length: through - from + 1 }, (_, i) => from + i).filter((hour) => isReported(hour % 24));
}

async function learned(hour: number): Promise<void> {
  await temporary.store.run(
    `INSERT INTO snapshots VALUES ('${station}', make_timestamp(${at(hour)}000::BIGINT), 'id', NULL,
       make_timestamp(${genesis}000::BIGINT), 1, '', '', 1, true)`,
  );
}

/** The learnable hour, in hours after the training start, at a clock that many hours after it. */
async function learnable(now: number, watermarkHours = 3): Promise<number | null> {
  const hour = await learnableHour(temporary.store, { watermarkHours }, station, { genesis, now: at(now) });
  return hour === null ? null : hour - genesis / hourMs;
}

describe("the last hour to learn", () => {
  it("is the newest observed one when none before it is missing", async () => {
    expect(await learnable(5)).toBeNull();
    await observe(0, 1, 2, 3, 4, 5);
    expect(await learnable(5.1)).toBe(5);
    expect(await learnable(3.5)).toBe(3);
    expect(await learnable(500)).toBe(5);
  });

  it("is the one before a missing hour until five minutes after the hour of the next report", async () => {
    await observe(0, 1, 2, 4, 5, 6, 8);
    expect(await learnable(4 + minutes(4))).toBe(2);
    expect(await learnable(4 + minutes(5))).toBe(4);
    expect(await learnable(6)).toBe(6);
    expect(await learnable(8 + minutes(4))).toBe(6);
    expect(await learnable(8 + minutes(5))).toBe(8);
    await observe(3);
    expect(await learnable(4 + minutes(4))).toBe(4);
  });

  it("is the one before a missing hour no longer than the late-report window", async () => {
    await observe(0, 1, 2, 4);
    expect(await learnable(4 + minutes(4), 48)).toBe(2);
    expect(await learnable(4 + minutes(5), 48)).toBe(4);
    expect(await learnable(4, 1)).toBe(4);
    expect(await learnable(4, 0)).toBe(4);
  });

  it("is the newest at once if the station reports every three or six hours, or only by day", async () => {
    await observe(...hoursOf(0, 20 * 24 + 12, (hour) => hour % 6 === 0));
    expect(await learnable(20 * 24 + 6)).toBe(20 * 24 + 6);
    expect(await learnable(20 * 24 + 12)).toBe(20 * 24 + 12);
    await observe(...hoursOf(0, 20 * 24 + 12, (hour) => hour % 6 === 3));
    expect(await learnable(20 * 24 + 9)).toBe(20 * 24 + 9);
    await observe(...hoursOf(0, 20 * 24 + 12, (hour) => hour % 3 !== 0 && hour >= 6 && hour <= 18));
    expect(await learnable(20 * 24 + 6)).toBe(20 * 24 + 6);
    // An hour at which it usually reports is awaited.
    await observe(20 * 24 + 14);
    expect(await learnable(20 * 24 + 14)).toBe(20 * 24 + 12);
    expect(await learnable(20 * 24 + 14 + minutes(5))).toBe(20 * 24 + 14);
  });

  it("adapts to a station that reports more often or less often than before", async () => {
    await observe(...hoursOf(0, 20 * 24, (hour) => hour % 3 === 0));
    await observe(...hoursOf(20 * 24 + 1, 40 * 24, () => true).filter((hour) => hour !== 24 * 24 + 1));
    // Three days of hourly reports are not yet a habit; eight are.
    const missing = 24 * 24 + 1;
    expect(await learnable(missing + 1)).toBe(missing + 1);
    await temporary.store.run(`DELETE FROM hours WHERE epoch_ms(validTime) = ${at(28 * 24 + 1)}`);
    expect(await learnable(28 * 24 + 2)).toBe(28 * 24);
    await observe(...hoursOf(40 * 24 + 1, 60 * 24, (hour) => hour % 3 === 0));
    expect(await learnable(41 * 24 + 3)).toBe(41 * 24);
    expect(await learnable(48 * 24 + 3)).toBe(48 * 24 + 3);
  });

  it("waits for the hours of a station that is new or back after an outage", async () => {
    await observe(...hoursOf(0, 2 * 24), 2 * 24 + 2);
    expect(await learnable(2 * 24 + 2)).toBe(2 * 24);
    await observe(...hoursOf(3 * 24, 10 * 24), ...hoursOf(30 * 24, 31 * 24, (hour) => hour !== 10));
    expect(await learnable(30 * 24 + 11)).toBe(30 * 24 + 9);
    expect(await learnable(30 * 24 + 11 + minutes(5))).toBe(30 * 24 + 11);
  });

  it("is never before the last hour learned, even if the window was shorter then", async () => {
    await observe(0, 1, 3, 4, 6);
    await learned(4);
    expect(await learnable(4)).toBe(4);
    expect(await learnable(6)).toBe(4);
    expect(await learnable(6 + minutes(5))).toBe(6);
    expect(await learnable(3)).toBe(1);
  });

  it("is null while the first hours are awaited, or nothing was observed", async () => {
    await observe(1);
    expect(await learnable(1 + minutes(4))).toBeNull();
    expect(await learnable(1 + minutes(5))).toBe(1);
    expect(await learnable(0.5)).toBeNull();
  });
});
