import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { absenceLines } from "../../../src/data/fetch/absence.js";
import { backfillNbm, stationsToBackfill } from "../../../src/data/fetch/backfillNbm.js";
import { fetchNbm } from "../../../src/data/fetch/fetchNbm.js";
import { type FetchSummary, withFetchRun } from "../../../src/data/fetch/fetchRun.js";
import { type Bulletin, nbmPath } from "../../../src/data/sources/nbm.js";
import type { Station } from "../../../src/data/sources/source.js";
import { upsertStation } from "../../../src/data/stations/upsertStation.js";
import { parseConfig } from "../../../src/shared/config.js";
import { silentReport } from "../../../src/shared/progress.js";
import { dayMs, hourMs, minuteMs } from "../../../src/shared/time.js";
import { shortWaits } from "../../support/liveRun.js";
import { type LoopbackNoaa, startNoaa } from "../../support/loopbackNoaa.js";
import { leadsOf } from "../../support/nbmBulletin.js";
import { type NbmReplay, printedHour, replayNbm } from "../../support/replayNbm.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const noon = Date.UTC(2026, 9, 1, 12);
const codes = ["086092", "KATL", "KJFK", "PANC"];
/** Stations that no bulletin has: between others, and after the last. */
const abroad = ["EBBR", "VOHS"];

const temporary = useTemporaryStore();
const clock = { now: noon };
let nbm: NbmReplay;
let noaa: LoopbackNoaa;
beforeEach(async () => {
  nbm = replayNbm(codes, clock);
  nbm.othersOf = () => 9;
  noaa = await startNoaa((path) => nbm.service(path));
  await observe([...codes, ...abroad]);
});
afterEach(() => noaa.close());

const idOf = (code: string) => `ID${code.padStart(9, "0")}`;
const stationOf = (code: string): Station => {
  const place = { latitude: 40, longitude: -80, elevationM: null };
  return { stationId: idOf(code), icao: code, name: code, isdId: null, ...place };
};

/** Gives stations a first observation. */
async function observe(stations: readonly string[]): Promise<void> {
  const { store } = temporary;
  for (const code of stations) await upsertStation(store, stationOf(code), null);
  const first = { validTime: noon - dayMs, reportTime: noon - dayMs, firstSeenTime: noon };
  const measured = { variable: "temperature", firstValue: 10, value: 10, source: "awc", firstSource: "awc" };
  const rows = stations.map((code) => ({ stationId: idOf(code), ...first, ...measured, reportType: "FM15" }));
  await store.insert("hours", rows);
}

interface Update {
  stations?: readonly string[];
  bases?: readonly string[];
  /** The time at which the servers answer, if it is another. */
  servedAt?: number;
  replaying?: boolean;
}

interface Updated extends FetchSummary {
  lines: string[];
  /** What the servers were asked for. */
  requests: LoopbackNoaa["log"];
}

/** Updates the guidance at a time, as a run of then would. */
async function updateAt(
  now: number,
  { stations = [...codes, ...abroad], bases, servedAt, replaying = false }: Update = {},
) {
  clock.now = servedAt ?? now;
  const sources = {
    ghcnh: [noaa.url],
    isd: [noaa.url],
    awc: [noaa.url],
    nws: [noaa.url],
    nbm: [...(bases ?? [noaa.url])],
  };
  const config = parseConfig({ home: temporary.home, stations: [{ id: "USW00094846" }], sources });
  const options = { clock: { now: () => now, replaying }, runId: String(now), report: silentReport, http: shortWaits };
  const asked = noaa.log.length;
  return withFetchRun(temporary.store, config, { ...options, genesis: 0 }, async (run): Promise<Updated> => {
    await fetchNbm(run, stations.map(stationOf));
    return { ...run.summary, lines: absenceLines(run.absences), requests: noaa.log.slice(asked) };
  });
}

/** The runs stored of a station, as hours before and minutes of their publication after `noon`. */
async function storedRuns(code: string): Promise<string[]> {
  const rows = await temporary.store.all<Record<"run" | "public" | "issued", number>>(
    `SELECT epoch_ms(runTime)::DOUBLE AS run, epoch_ms(publicTime)::DOUBLE AS public, epoch_ms(issuedTime)::DOUBLE AS issued
     FROM guidanceRuns WHERE source = 'nbm' AND stationId = $id ORDER BY issuedTime`,
    { id: idOf(code) },
  );
  const time = (at: number) => new Date(at).toISOString().slice(11, 16);
  return rows.map((row) => `${time(row.run)} public ${time(row.public)} issued ${time(row.issued)}`);
}

/** What is stored for the hours to come. */
async function storedHours(code: string): Promise<Record<string, number[]>> {
  const rows = await temporary.store.all<{ time: number; t: number | null; td: number; spread: number }>(
    `SELECT epoch_ms(issuedTime)::DOUBLE + leadHours * ${hourMs} AS time, temperatureC AS t, dewPointC AS td,
       temperatureSpreadC AS spread
     FROM guidance WHERE source = 'nbm' AND stationId = $id
     QUALIFY row_number() OVER (PARTITION BY time ORDER BY issuedTime DESC) = 1 ORDER BY time`,
    { id: idOf(code) },
  );
  const newest = (
    await temporary.store.all<{ t: number }>("SELECT epoch_ms(max(issuedTime))::DOUBLE AS t FROM guidanceRuns")
  )[0]!.t;
  const known = rows.filter(({ time, t }) => t !== null && time > newest);
  return Object.fromEntries(known.map(({ time, t, td, spread }) => [new Date(time).toISOString(), [t!, td, spread]]));
}

/** What a run prints for the hours after it was issued. */
function printedHours(code: string, runTime: number, issued: number, bulletins: readonly Bulletin[] = ["nbh", "nbs"]) {
  const leads = new Set(bulletins.flatMap((bulletin) => leadsOf(bulletin, runTime)));
  const times = [...leads].map((lead) => runTime + lead * hourMs).filter((time) => time > issued);
  const celsius = (value: number, zero = 32) => Math.round((value - zero) / 0.018) / 100;
  return Object.fromEntries(
    times
      .sort((a, b) => a - b)
      .map((time) => {
        const { temperatureF, dewPointF, spreadF } = printedHour(code, runTime, time);
        return [new Date(time).toISOString(), [celsius(temperatureF), celsius(dewPointF), celsius(spreadF, 0)]];
      }),
  );
}

/** The runs stored, each with what was then known of the hours to come. */
async function storedHistory(code: string) {
  const runs = await temporary.store.all<{ runTime: number; publicTime: number; issuedTime: number }>(
    `SELECT epoch_ms(runTime)::DOUBLE AS "runTime", epoch_ms(publicTime)::DOUBLE AS "publicTime",
       epoch_ms(issuedTime)::DOUBLE AS "issuedTime" FROM guidanceRuns WHERE stationId = $id ORDER BY issuedTime`,
    { id: idOf(code) },
  );
  const rows = await temporary.store.all<{ issued: number; time: number; values: string }>(
    `SELECT epoch_ms(issuedTime)::DOUBLE AS issued, issued + leadHours * ${hourMs} AS time,
       if(temperatureC IS NULL, 'null', to_json([temperatureC, dewPointC, temperatureSpreadC]))::VARCHAR AS "values"
     FROM guidance WHERE stationId = $id`,
    { id: idOf(code) },
  );
  const known = new Map<number, number[] | null>();
  return runs.map((run) => {
    for (const row of rows) if (row.issued === run.issuedTime) known.set(row.time, JSON.parse(row.values));
    const hours = [...known].filter(([time, values]) => values && time > run.issuedTime).sort(([a], [b]) => a - b);
    return { ...run, hours: Object.fromEntries(hours.map(([time, values]) => [new Date(time).toISOString(), values])) };
  });
}

/** Reads past runs, two a day; returns the stations with new ones and what was asked for. */
async function backfillAt(now: number, days: number) {
  clock.now = now;
  const sources = { ghcnh: [noaa.url], isd: [noaa.url], awc: [noaa.url], nws: [noaa.url], nbm: [noaa.url] };
  const config = parseConfig({ home: temporary.home, stations: [{ id: "USW00094846" }], sources });
  const options = { clock: { now: () => now, replaying: false }, runId: "b", report: silentReport, http: shortWaits };
  const asked = noaa.log.length;
  return withFetchRun(temporary.store, config, { ...options, genesis: 0 }, async (run) => {
    const stations = await stationsToBackfill(run, [...codes, ...abroad].map(stationOf));
    const told: string[] = [];
    const onStored = async (stationId: string) => {
      told.push(stationId);
    };
    const changed = await backfillNbm(run, stations, { days, every: 12, onStored });
    return { changed: [...changed].sort(), told: new Set(told), requests: noaa.log.length - asked };
  });
}

const failures = () =>
  temporary.store.all<{ stationId: string | null; value: string }>("SELECT stationId, value FROM quarantine");

describe("backfillNbm", () => {
  const now = noon + 70 * minuteMs;

  it("reads past runs once, back from the oldest stored, and they are no live guidance", async () => {
    await updateAt(now);
    const first = await backfillAt(now, 2);
    expect(first.changed).toEqual(codes.map(idOf).sort());
    expect(first.told.size).toBe(codes.length);
    expect(await storedRuns("KATL")).toEqual([
      "00:00 public 00:55 issued 00:00",
      "12:00 public 12:55 issued 12:00",
      "00:00 public 00:55 issued 00:00",
      "12:00 public 12:55 issued 12:00",
    ]);
    const imported = await temporary.store.all<{ imported: boolean }>(
      `SELECT imported FROM guidanceRuns WHERE stationId = '${idOf("KATL")}' ORDER BY issuedTime`,
    );
    expect(imported.map((row) => row.imported)).toEqual([true, true, true, false]);
    const [oldest] = await storedHistory("KATL");
    expect(oldest!.hours).toEqual(printedHours("KATL", noon - 36 * hourMs, noon - 36 * hourMs));
    expect(await backfillAt(now, 2)).toMatchObject({ changed: [], requests: 0 });
  });

  it("goes on where it was interrupted, and leaves out runs that are missing or were put there again later", async () => {
    await updateAt(now);
    const day = noon - 12 * hourMs;
    nbm.delayOf = (runTime) => (runTime === day - dayMs ? Number.POSITIVE_INFINITY : 55 * minuteMs);
    nbm.lastModifiedOf = (publicTime) =>
      new Date(publicTime + (publicTime < day - dayMs ? 9 * dayMs : 0)).toUTCString();
    const served = nbm.service;
    nbm.service = (path) => (nbmRunOf(path) < day ? { status: 503 } : served(path));
    const cut = await backfillAt(now, 3);
    expect([cut.changed.length, (await storedRuns("KJFK")).length]).toEqual([codes.length, 2]);
    nbm.service = served;
    await backfillAt(now, 3);
    // The last three of five past runs: one is missing, and those before it bear a later date.
    expect(await storedRuns("KJFK")).toEqual([
      "12:00 public 12:55 issued 12:00",
      "00:00 public 00:55 issued 00:00",
      "12:00 public 12:55 issued 12:00",
    ]);
    expect((await backfillAt(now, 3)).requests).toBe(0);
  });
});

/** The time of the run that an address is of. */
function nbmRunOf(path: string): number {
  const [, date, hour] = /blend\.(\d{8})\/(\d\d)/.exec(path)!;
  return Date.parse(`${date!.replace(/(....)(..)(..)/, "$1-$2-$3")}T${hour}:00Z`);
}

describe("fetchNbm", () => {
  it("stores the newest run of each station and does not request it again", async () => {
    const first = await updateAt(noon + 70 * minuteMs);
    expect(first).toMatchObject({ failures: [], lines: ["nbm has no block: EBBR, VOHS; asked again within 30 days"] });
    for (const code of codes) {
      expect(await storedRuns(code)).toEqual(["12:00 public 12:55 issued 12:00"]);
      expect(await storedHours(code)).toEqual(printedHours(code, noon, noon));
    }
    expect(await updateAt(noon + 80 * minuteMs)).toMatchObject({ requested: 0 });
    const next = await updateAt(noon + 130 * minuteMs);
    expect(next.requests.map(({ status }) => status)).toEqual(Array(2 * codes.length).fill(206));
    expect(await storedHours("KATL")).toEqual(printedHours("KATL", noon + hourMs, noon + hourMs));
    expect(await failures()).toEqual([]);
  });

  it("finds blocks that have moved, near or far", async () => {
    await updateAt(noon + 70 * minuteMs);
    nbm.othersOf = () => 9;
    const near = await updateAt(noon + 130 * minuteMs);
    expect(near.failures).toEqual([]);
    nbm.othersOf = () => 60;
    const far = await updateAt(noon + 190 * minuteMs);
    expect(far.failures).toEqual([]);
    for (const code of codes)
      expect(await storedHours(code)).toEqual(printedHours(code, noon + 2 * hourMs, noon + 2 * hourMs));
    expect([near.requests.length, far.requests.length]).toEqual([8, 20]);
    // Where its block was, the bulletin now has no byte, and the server is asked for the whole.
    nbm.othersOf = () => 0;
    const { requests } = await updateAt(noon + 250 * minuteMs, { stations: ["PANC"] });
    expect(requests.map(({ status }) => status)).toEqual([416, 200, 416, 200]);
    expect(await storedRuns("PANC")).toHaveLength(4);
  });

  it("reads the whole bulletins once for many stations", async () => {
    const many = Array.from(
      { length: 26 * 26 },
      (_, i) => `K${[26, 1].map((n) => String.fromCharCode(65 + (Math.floor(i / n) % 26))).join("")}X`,
    );
    nbm = replayNbm(many, clock);
    nbm.othersOf = () => 0;
    await observe(many.slice(1, 60));
    const stations = [...many.slice(0, 60), ...abroad];
    const { requests, failures, lines } = await updateAt(noon + 70 * minuteMs, { stations });
    expect(requests.map(({ status, range }) => [status, range])).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    expect(failures).toEqual([]);
    expect(lines).toEqual(["nbm has no block: EBBR, VOHS; asked again within 30 days"]);
    expect(await storedHours(many[59]!)).toEqual(printedHours(many[59]!, noon, noon));
    expect((await updateAt(noon + 80 * minuteMs, { stations })).requests).toEqual([]);
    // Where the blocks are is known now.
    const few = { stations: many.slice(10, 15) };
    expect((await updateAt(noon + 130 * minuteMs, few)).requests).toHaveLength(2);
  });

  it("stores the run before until the newest is public", async () => {
    const early = await updateAt(noon + 45 * minuteMs);
    expect(early.requests[0]).toMatchObject({ path: expect.stringContaining("/12/text/blend_nbstx"), status: 404 });
    expect(early.requests.filter(({ status }) => status === 404)).toHaveLength(1);
    expect(early.failures).toEqual([]);
    expect(await storedRuns("KATL")).toEqual(["11:00 public 11:55 issued 11:00"]);
    expect((await updateAt(noon + 50 * minuteMs)).requests).toEqual([]);
    await updateAt(noon + 70 * minuteMs);
    expect(await storedRuns("KATL")).toEqual(["11:00 public 11:55 issued 11:00", "12:00 public 12:55 issued 12:00"]);
  });

  it("waits up to two hours for both bulletins of a run", async () => {
    nbm.delayOf = (_, bulletin) => (bulletin === "nbs" ? Number.POSITIVE_INFINITY : 55 * minuteMs);
    await updateAt(noon + 70 * minuteMs);
    expect(await storedRuns("KATL")).toEqual(["11:00 public 11:55 issued 11:00"]);
    expect(await storedHours("KATL")).toEqual(printedHours("KATL", noon - hourMs, noon - hourMs, ["nbh"]));
    nbm.delayOf = (runTime, bulletin) => {
      return bulletin === "nbs" && runTime > noon + hourMs ? Number.POSITIVE_INFINITY : 55 * minuteMs;
    };
    const [complete, partial] = [noon + hourMs, noon + 2 * hourMs];
    await updateAt(noon + 140 * minuteMs);
    expect(await storedHours("KATL")).toEqual(printedHours("KATL", complete, complete));
    // What NBS said before stays.
    await updateAt(noon + 270 * minuteMs);
    const near = printedHours("KATL", partial, partial, ["nbh"]);
    expect(await storedHours("KATL")).toEqual({ ...printedHours("KATL", complete, partial), ...near });
  });

  it("leaves out a run that is public in the hour of the one before, so that later ones count without delay", async () => {
    const delays = [55, 65, 50, 55];
    nbm.delayOf = (runTime) => delays[(runTime - noon) / hourMs]! * minuteMs;
    for (let hour = 0; hour < 4; hour++) await updateAt(noon + hour * hourMs + 70 * minuteMs, { stations: ["KATL"] });
    expect(await storedRuns("KATL")).toEqual([
      "12:00 public 12:55 issued 12:00",
      "13:00 public 14:05 issued 14:00",
      "15:00 public 15:55 issued 15:00",
    ]);
  });

  it("rejects a web page and a file of another run or bulletin, and reads it again only if it has changed", async () => {
    const cases: [string, (text: string) => string][] = [
      ["is of the run of 2025-10-01T12:00:00.000Z", (text) => text.replaceAll("/2026", "/2025")],
      ["is of bulletin nbh", (text) => text.replaceAll(" NBS ", " NBH ")],
      ["is not a bulletin", () => `<html>${"maintenance ".repeat(9999)}</html>`],
    ];
    for (const [i, [reason, damage]] of cases.entries()) {
      const runTime = noon + 5 * i * hourMs;
      nbm.damage = (text, time, bulletin) => (time === runTime && bulletin === "nbs" ? damage(text) : text);
      const { failures: shown } = await updateAt(runTime + 70 * minuteMs);
      expect(shown).toMatchObject([{ source: "nbm", message: expect.stringContaining(`: ${reason}`) }]);
      expect((await failures()).at(-1)).toEqual({ stationId: null, value: reason });
      expect((await storedHistory("KATL")).at(-1)!.runTime).toBe(runTime - hourMs);
      const again = await updateAt(runTime + 110 * minuteMs);
      expect(again.requests.filter(({ path }) => path.includes("nbs")).map(({ status }) => status)).toContain(304);
    }
  });

  it("reads what there is of a file that is cut off, and the rest when it is complete", async () => {
    nbm.damage = (text, runTime) => (runTime === noon ? text.slice(0, text.indexOf("\n KJFK ") + 900) : text);
    await updateAt(noon + 70 * minuteMs);
    expect(await failures()).toEqual([{ stationId: null, value: "is cut off" }]);
    expect(await storedRuns("KATL")).toEqual(["12:00 public 12:55 issued 12:00"]);
    expect(await storedRuns("KJFK")).toEqual(["11:00 public 11:55 issued 11:00"]);
    nbm.damage = (text) => text;
    await updateAt(noon + 105 * minuteMs);
    expect(await storedRuns("PANC")).toHaveLength(2);
    expect(await storedHours("PANC")).toEqual(printedHours("PANC", noon, noon));
  });

  it("reads a file as a whole that is replaced while its parts are read", async () => {
    const { service } = nbm;
    let asked = 0;
    nbm.service = (path) => {
      const answer = service(path);
      if (!answer || !("body" in answer) || !path.includes("nbh") || ++asked < 6) return answer;
      const text = answer.body.toString("latin1").replaceAll(/(?<=^ TMP .*)\d\d/gm, "41");
      return {
        body: Buffer.from(text, "latin1"),
        headers: { etag: '"2"', "last-modified": new Date(noon + 66 * minuteMs).toUTCString() },
      };
    };
    const { failures: shown, requests } = await updateAt(noon + 70 * minuteMs);
    expect(shown).toEqual([]);
    const ofNbh = requests.filter(({ path }) => path.includes("nbh"));
    expect([ofNbh.at(-2)!.status, ofNbh.at(-1)!.status, ofNbh.length]).toEqual([206, 200, 7]);
    for (const code of codes) expect(Object.values(await storedHours(code))[0]![0]).toBeCloseTo(5, 6);
  });

  it("rejects a damaged block and stores the other stations", async () => {
    nbm.damage = (text, _, bulletin) =>
      bulletin === "nbh" ? text.replace(/(\n KATL (?:.*\n)*? TMP ..)./, "$1") : text;
    const { failures: shown } = await updateAt(noon + 70 * minuteMs);
    const value = "the block of KATL has values of row TMP out of their columns";
    expect(await failures()).toEqual([{ stationId: idOf("KATL"), value }]);
    expect(shown).toHaveLength(1);
    expect(await storedHours("KATL")).toEqual(printedHours("KATL", noon, noon, ["nbs"]));
    expect(await storedHours("KJFK")).toEqual(printedHours("KJFK", noon, noon));
    expect((await updateAt(noon + 80 * minuteMs)).requests).toEqual([]);
  });

  it("uses the next mirror, and stops if none answers", async () => {
    const [first, second] = noaa.hosts;
    await noaa.refuse([first]);
    const bases = [first, `${second}pub/`];
    const { failures: shown } = await updateAt(noon + 70 * minuteMs, { bases });
    expect(shown).toMatchObject(Array(2).fill({ source: "nbm", unreachable: true }));
    expect(await storedRuns("KATL")).toHaveLength(1);
    await noaa.refuse([first, second]);
    const none = await updateAt(noon + 130 * minuteMs, { bases });
    expect(none.failures).toMatchObject(Array(2).fill({ source: "nbm", unreachable: true }));
    expect(await failures()).toEqual([]);
  });

  it("reads a folder laid out like NOAA's tree", async () => {
    for (const bulletin of ["nbh", "nbs"] as const) {
      const path = nbmPath({ bulletin, runTime: noon });
      clock.now = noon + dayMs;
      const { body } = nbm.service(path) as { body: Buffer };
      mkdirSync(dirname(join(temporary.home, path)), { recursive: true });
      writeFileSync(join(temporary.home, `${path}.gz`), gzipSync(body));
    }
    const { failures: shown, requested } = await updateAt(noon + 70 * minuteMs, { bases: [temporary.home] });
    expect([shown, requested]).toEqual([[], 0]);
    expect(await storedHours("KATL")).toEqual(printedHours("KATL", noon, noon + hourMs));
  });

  it("stores at an earlier clock only what was public then", async () => {
    const { requests } = await updateAt(noon + 50 * minuteMs, { servedAt: noon + dayMs, replaying: true });
    expect(requests.filter(({ path }) => path.includes("/12/"))).toHaveLength(1);
    expect(await storedRuns("KATL")).toEqual(["11:00 public 11:55 issued 11:00"]);
  });

  it("counts a run from when it is first seen if Last-Modified is missing or impossible", async () => {
    const headers = ["", "Sat, 03 Oct 2026 00:00:00 GMT", "Thu, 01 Oct 2026 11:00:00 GMT"];
    for (const [hour, header] of headers.entries()) {
      nbm.lastModifiedOf = () => header;
      await updateAt(noon + hour * hourMs + 70 * minuteMs, { stations: ["KATL"] });
    }
    expect(await storedRuns("KATL")).toEqual(
      [12, 13, 14].map((run) => `${run}:00 public ${run + 1}:10 issued ${run + 1}:00`),
    );
  });

  it("stores the right values hour by hour while bulletins are late, missing or damaged", async () => {
    const hourOf = (runTime: number) => (runTime - noon) / hourMs;
    const lost = { never: 2, ofOtherRun: 12, damaged: 14, withoutNbs: 16, cut: 18 };
    const [late, lateHours, count] = [4, 6, 22];
    const isOutage = (hour: number) => hour > late && hour < late + lateHours;
    nbm.othersOf = (runTime) => 9 + (Math.floor(runTime / dayMs) % 3) * 4;
    nbm.delayOf = (runTime, bulletin) => {
      const hour = hourOf(runTime);
      if (hour === late) return lateHours * hourMs;
      const comes = hour !== lost.never && !isOutage(hour) && !(hour === lost.withoutNbs && bulletin === "nbs");
      return comes ? 55 * minuteMs : Number.POSITIVE_INFINITY;
    };
    nbm.damage = (text, runTime) => {
      const hour = hourOf(runTime);
      if (hour === lost.ofOtherRun) return text.replaceAll("/2026", "/2025");
      if (hour === lost.cut) return text.slice(0, text.indexOf("\n KATL ") + 500);
      return hour === lost.damaged ? text.replace(/\n KATL (.*\n)*? TMP/, "$& ") : text;
    };
    const requested: number[] = [];
    for (let hour = 0; hour < count; hour++) {
      const time = noon + hour * hourMs + 70 * minuteMs;
      requested.push((await updateAt(time, { stations: ["KATL", "VOHS"] })).requested);
    }
    const delays = Array.from({ length: count }, (_, hour) => [hour, hour === late ? lateHours * 60 : 55]);
    // The first run after the outage is public in the hour of the late one.
    const isLost = (hour: number) => Object.values(lost).includes(hour) || isOutage(hour) || hour === late + lateHours;
    const expected = delays.filter(([hour]) => !isLost(hour!));
    const history = await storedHistory("KATL");
    expect(history.map((run) => [hourOf(run.runTime), (run.publicTime - run.runTime) / minuteMs])).toEqual(expected);
    for (const { runTime, publicTime, issuedTime, hours } of history) {
      expect(issuedTime).toBe(Math.floor(publicTime / hourMs) * hourMs);
      expect(hours).toEqual(printedHours("KATL", runTime, issuedTime));
    }
    const damage = "the block of KATL has values of row TMP out of their columns";
    expect((await failures()).map(({ value }) => value)).toEqual([
      "is of the run of 2025-10-02T00:00:00.000Z",
      damage,
      damage,
      "is cut off",
    ]);
    // One request for each bulletin; more at first, and while runs are missing.
    expect(requested.toSorted((a, b) => a - b)[count / 2]).toBe(2);
    expect(Math.max(...requested)).toBeLessThan(30);
  });
});
