import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Station } from "../../../src/data/sources/source.js";
import type { Store } from "../../../src/data/store/store.js";
import type { CheckedFile } from "../../../src/data/validate/checkFile.js";
import { hourOf } from "../../../src/data/validate/hourly.js";
import { storeFile } from "../../../src/data/validate/storeFile.js";
import { hourMs, minuteMs } from "../../../src/shared/time.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

interface Reported {
  source: "ghcnh" | "isd";
  minute: number;
  reportType: string;
  corrected: boolean;
  temperature: number | null;
}

const start = Date.UTC(2020, 0, 1);
const temporary = useTemporaryStore();

const station = (stationId: string): Station => ({
  stationId,
  icao: null,
  name: "Somewhere",
  latitude: 40,
  longitude: -80,
  elevationM: 0,
  isdId: null,
});

function file(stationId: string, source: "ghcnh" | "isd", reports: readonly Reported[]): CheckedFile {
  return {
    source,
    station: station(stationId),
    place: null,
    file: `${stationId} of ${source}`,
    failures: [],
    year: null,
    hasLater: false,
    rows: reports.map(({ minute, reportType, corrected, temperature }, index) => [
      index + 2,
      start + minute * minuteMs,
      reportType,
      corrected,
      temperature,
      null,
      null,
      null,
      null,
      null,
    ]),
  };
}

async function storeReports(
  store: Store,
  stationId: string,
  reports: readonly Reported[],
  seenTime = 0,
): Promise<void> {
  for (const source of ["ghcnh", "isd"] as const) {
    const own = reports.filter((report) => report.source === source);
    if (own.length > 0) await store.transaction(() => storeFile(store, file(stationId, source, own), seenTime));
  }
}

const hoursOf = (store: Store, stationId: string) =>
  store.all(
    `SELECT (epoch_ms(validTime) - ${start}) // 3600000 AS hour, value, firstValue, corrections, reportType, source,
       firstSeenTime
     FROM hours WHERE stationId = $stationId AND variable = 'temperature' ORDER BY hour`,
    { stationId },
  );

describe("hourOf", () => {
  it("is the nearest whole hour", () => {
    expect(hourOf(start + 51 * minuteMs)).toBe(start + hourMs);
    expect(hourOf(start + 29 * minuteMs)).toBe(start);
    expect(hourOf(start + 30 * minuteMs)).toBe(start + hourMs);
    expect(hourOf(start)).toBe(start);
  });
});

describe("hours", () => {
  const at = (minute: number, reportType: string, temperature: number | null): Reported => ({
    source: "ghcnh",
    corrected: false,
    minute,
    reportType,
    temperature,
  });

  it("come from the routine report, not from a nearer copy, a special or an average", async () => {
    const { store } = temporary;
    await storeReports(store, "A", [
      at(51, "FM15", 10),
      at(60, "FM12", 20),
      at(70, "FM16", 30),
      at(111, "FM15", null),
      at(120, "FM12", 21),
      at(121, "FM16", 31),
      at(182, "FM16", 32),
      at(232, "FM15", 13),
      at(235, "FM15", 14),
    ]);
    expect(await hoursOf(store, "A")).toMatchObject([
      { hour: 1, value: 10, reportType: "FM15" },
      { hour: 2, value: 21, reportType: "FM12" },
      { hour: 3, value: 32, reportType: "FM16" },
      { hour: 4, value: 14, reportType: "FM15" },
    ]);
  });

  it("come from the nearest report when no routine one is within 15 minutes, whatever its type and source", async () => {
    const { store } = temporary;
    await storeReports(store, "A", [
      at(35, "FM15", 10),
      at(62, "FM16", 20),
      at(105, "FM15", 11),
      at(120, "FM16", 21),
      at(164, "FM15", 12),
      at(195, "FM12", 22),
      at(215, "FM15", 13),
      { ...at(264, "FM16", 23), source: "isd" } as const,
      at(280, "FM16", 14),
      at(320, "FM15", 24),
    ]);
    expect(await hoursOf(store, "A")).toMatchObject([
      { hour: 1, value: 20, reportType: "FM16" },
      { hour: 2, value: 11, reportType: "FM15" },
      { hour: 3, value: 22, reportType: "FM12" },
      { hour: 4, value: 23, reportType: "FM16" },
      { hour: 5, value: 24, reportType: "FM15" },
    ]);
  });

  it("keep the first seen value next to corrections, and lose nothing to a shorter file", async () => {
    const { store } = temporary;
    const at = (minute: number, temperature: number | null, corrected = false): Reported => ({
      source: "ghcnh",
      reportType: "FM15",
      minute,
      temperature,
      corrected,
    });
    await storeReports(store, "A", [at(51, 10), at(111, 11), at(171, 12)], 1000);
    await storeReports(store, "A", [at(51, 10.5), at(111, null)], 2000);
    await storeReports(store, "A", [at(54, 10.7, true)], 3000);
    expect(await hoursOf(store, "A")).toMatchObject([
      { hour: 1, firstValue: 10, value: 10.7, corrections: 2, firstSeenTime: 1000 },
      { hour: 2, firstValue: 11, value: null, corrections: 1, firstSeenTime: 1000 },
      { hour: 3, firstValue: 12, value: 12, corrections: 0, firstSeenTime: 1000 },
    ]);
  });

  it("match a simple implementation of the rules, in any order of reports", async () => {
    const { store } = temporary;
    const reported = fc.record<Reported>({
      source: fc.constantFrom("ghcnh", "isd"),
      minute: fc.integer({ min: 0, max: 900 }),
      reportType: fc.constantFrom("FM15", "FM12", "FM16", ""),
      corrected: fc.boolean(),
      // So close that no file contradicts what is stored.
      temperature: fc.option(fc.integer({ min: -24, max: 24 }).map((tenths) => tenths / 10)),
    });
    const reports = fc.uniqueArray(reported, {
      selector: ({ source, minute, reportType }) => `${source} ${minute} ${reportType}`,
      maxLength: 100,
      size: "max",
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(reports, fc.integer({ min: 0, max: 100 }), async (all, cut) => {
        const [together, apart] = [`T${run}`, `S${run++}`];
        await storeReports(store, together, all);
        await storeReports(store, apart, all.slice(cut));
        await storeReports(store, apart, all.slice(0, cut));
        const expected = chosen(all);
        for (const stationId of [together, apart]) {
          expect((await hoursOf(store, stationId)).map(({ hour, value }) => ({ hour, value }))).toEqual(expected);
        }
      }),
      { numRuns: 6 },
    );
  });
});

/** Of the reports within 15 minutes of the hour the best by type, source and correction; without one, the nearest. */
function chosen(reports: readonly Reported[]): { hour: number; value: number }[] {
  const typeRank = ({ reportType }: Reported) => ({ FM15: 0, FM12: 1, FM16: 3 })[reportType] ?? 2;
  const sourceRank = ({ source }: Reported) => (source === "ghcnh" ? 0 : 1);
  const hour = ({ minute }: Reported) => Math.floor((minute + 30) / 60);
  const distance = (report: Reported) => Math.abs(report.minute - hour(report) * 60);
  const preference = [typeRank, sourceRank, (r: Reported) => (r.corrected ? 0 : 1)];
  const earlier = (r: Reported) => r.minute;
  const known = reports.filter(({ temperature }) => temperature !== null);
  const hours = [...new Set(known.map(hour))].sort((a, b) => a - b);
  return hours.map((one) => {
    const all = known.filter((report) => hour(report) === one);
    const close = all.filter((report) => distance(report) <= 15);
    const best =
      close.length > 0
        ? least(close, [...preference, distance, earlier])
        : least(all, [distance, ...preference, earlier]);
    return { hour: one, value: best.temperature! };
  });
}

/** The report with the least of the first key, of those the one with the least of the second, and so on. */
function least(reports: readonly Reported[], keys: readonly ((report: Reported) => number)[]): Reported {
  const remaining = keys.reduce((left, key) => {
    const lowest = Math.min(...left.map(key));
    return left.filter((report) => key(report) === lowest);
  }, reports);
  return remaining[0]!;
}
