import { describe, expect, it } from "vitest";
import { learnableHour } from "../../src/pipeline/learnableHour.js";
import { useTemporaryStore } from "../support/temporaryStore.js";
import { at, genesis } from "../support/training.js";

const temporary = useTemporaryStore();
const station = "USW00000001";

/** Stores temperatures at these hours after genesis. */
async function observe(...hours: number[]): Promise<void> {
  const columns = ["stationId", "validTime", "variable", "firstValue", "firstSource", "firstSeenTime", "value"];
  await temporary.store.append(
    "hours",
    [...columns, "source", "reportTime", "reportType"],
    hours.map((hour) => [station, at(hour), "temperature", 1, "awc", at(hour), 1, "awc", at(hour), "FM15"]),
  );
}

async function learned(hour: number): Promise<void> {
  await temporary.store.run(
    `INSERT INTO snapshots VALUES ('${station}', make_timestamp(${at(hour)}000::BIGINT), 'id', NULL,
       make_timestamp(${genesis}000::BIGINT), 1, '', '', 1, true)`,
  );
}

/** Hours after genesis, at a clock so many hours after it. */
async function learnable(now: number, watermarkHours = 3): Promise<number | null> {
  const hour = await learnableHour(temporary.store, { watermarkHours }, station, { genesis, now: at(now) });
  return hour === null ? null : hour - genesis / 3_600_000;
}

describe("the last hour to learn", () => {
  it("is the newest observed one when none before it is missing", async () => {
    expect(await learnable(5)).toBeNull();
    await observe(0, 1, 2, 3, 4, 5);
    expect(await learnable(5.1)).toBe(5);
    expect(await learnable(3.5)).toBe(3);
    expect(await learnable(500)).toBe(5);
  });

  it("waits before a missing hour until that is older than the watermark", async () => {
    await observe(0, 1, 2, 4, 5, 6, 8);
    expect(await learnable(4.1)).toBe(2);
    expect(await learnable(5.9)).toBe(2);
    expect(await learnable(6)).toBe(6);
    expect(await learnable(8.5)).toBe(6);
    expect(await learnable(10)).toBe(8);
    expect(await learnable(4.1, 1)).toBe(4);
    expect(await learnable(4.1, 0)).toBe(4);
    await observe(3);
    expect(await learnable(5.9)).toBe(5);
  });

  it("is never behind what was learned, though the watermark was lower then", async () => {
    await observe(0, 1, 3, 4, 6);
    await learned(4);
    expect(await learnable(4.2)).toBe(4);
    expect(await learnable(6.2)).toBe(4);
    expect(await learnable(3.5)).toBe(1);
  });

  it("is none where the first hours are still waited for, or nothing was observed yet", async () => {
    await observe(2);
    expect(await learnable(2.1)).toBeNull();
    expect(await learnable(4)).toBe(2);
    expect(await learnable(1)).toBeNull();
  });
});
