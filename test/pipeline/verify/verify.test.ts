import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, timestamp } from "../../../src/data/store/store.js";
import { hashOf, type LedgerEntry, readLedger } from "../../../src/pipeline/ledger/ledgerEntries.js";
import { emptyDigest } from "../../../src/pipeline/ledger/lineDigest.js";
import { digestsByEntry, observedValues, officialHoursSeen } from "../../../src/pipeline/ledger/recordedValues.js";
import { noForecasts } from "../../../src/pipeline/ledger/unrecordedForecasts.js";
import { snapshotPath } from "../../../src/pipeline/train/snapshotFile.js";
import { trainedStations, type VerifiedStation, verifyStations } from "../../../src/pipeline/verify/verify.js";
import { hourMs } from "../../../src/shared/time.js";
import { missing, observed } from "../../model/support/series.js";
import { isotherm } from "../../support/isotherm.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, history, storeHours, storeOfficial, trainTo } from "../../support/training.js";

const hours = 110;
const rows = history(hours, 20).map((row, i) => (i === 100 || i === 101 ? missing : row));
/** Observed hours, one in the middle of the history and one near its end. */
const [early, late] = [60, 105];
const timeIs = (column: string, hour: number) => `${column} = make_timestamp(${at(hour) * 1000})`;
/** When a second official forecast was first seen, after the first run. */
const officialHour = 40;
const officialLead = `leadHours = 9 AND ${timeIs("issuedTime", officialHour)}`;
const iso = (hour: number) => new Date(at(hour)).toISOString();

const home = await temporaryFolder();
const store = await openStore(home);

interface Tip {
  throughTime: number;
  snapshotId: string;
}

/** The snapshots of a station whose state is kept, oldest first: two days' ends, then the newest. */
async function keptSnapshots(id: string): Promise<Tip[]> {
  return store.all<Tip>(
    `SELECT epoch_ms(throughTime)::DOUBLE AS throughTime, snapshotId FROM snapshots
     WHERE stationId = $id AND kept ORDER BY ALL`,
    { id },
  );
}

function flipBit(path: string, byte: number): void {
  const bytes = readFileSync(path);
  bytes[byte]! ^= 4;
  writeFileSync(path, bytes);
}

/** The number with its lowest bit flipped. */
function nextTo(value: number): number {
  const bits = new BigUint64Array(Float64Array.of(value).buffer);
  bits[0]! ^= 1n;
  return new Float64Array(bits.buffer)[0]!;
}

const otherDigit = (digit: string) => (digit === "a" ? "b" : "a");

async function change(table: string, id: string, column: string, where: string, to: (before: never) => unknown) {
  const found = await store.all<{ before: never }>(
    `SELECT "${column}" AS before FROM ${table} WHERE stationId = '${id}' AND ${where}`,
  );
  expect(found).toHaveLength(1);
  await store.run(`UPDATE ${table} SET "${column}" = $after WHERE stationId = '${id}' AND ${where}`, {
    after: to(found[0]!.before) as string | number,
  });
}

const temperatureOf = (hour: number) => `variable = 'temperature' AND ${timeIs("validTime", hour)}`;
const dewPointForecast = `variable = 'dewPoint' AND leadHours = 7 AND ${timeIs("issuedTime", early)}`;
const firstDigit = (digest: string) => `${otherDigit(digest[0]!)}${digest.slice(1)}`;

interface Damage {
  name: string;
  damage: (id: string) => Promise<unknown> | unknown;
  /** What the replay must find; null for nothing. */
  found: { time?: string; what: string; message?: RegExp } | null;
  /** What the ledger, which has an entry for each of two runs, must find; absent for nothing. */
  ledger?: { entry: number; message: RegExp };
}

/** Writes a correctly chained ledger for a station. */
async function chain(id: string, entries: readonly LedgerEntry[]): Promise<void> {
  await store.run("DELETE FROM ledger WHERE stationId = $id", { id });
  let previous = "";
  const chained = entries.map(({ hash: _, ...rest }) => {
    const entry = { ...rest, stationId: id };
    previous = hashOf(previous, entry);
    return { ...entry, hash: previous };
  });
  await store.insert("ledger", chained);
}

const damages: Damage[] = [
  { name: "nothing", damage: () => undefined, found: null },
  {
    name: "a better value of an hour, which keeps what was first seen",
    damage: (id) => change("hours", id, "value", temperatureOf(early), () => 41.5),
    found: null,
  },
  {
    name: "an hour that came late",
    damage: (id) => storeHours(store, id, [observed(12, 8)], 100),
    found: null,
  },
  {
    name: "one bit of a kept state",
    damage: async (id) => flipBit(snapshotPath(home, id, (await keptSnapshots(id))[1]!.snapshotId), 5000),
    found: { what: "snapshot", message: /\.bin is damaged/ },
  },
  {
    name: "one bit of the newest state",
    damage: async (id) => flipBit(snapshotPath(home, id, (await keptSnapshots(id)).at(-1)!.snapshotId), 20),
    found: { what: "snapshot", time: iso(hours - 1), message: /\.bin is damaged/ },
  },
  {
    name: "the whole state of another hour in the place of one",
    damage: async (id) => {
      const [one, other] = await keptSnapshots(id);
      copyFileSync(snapshotPath(home, id, one!.snapshotId), snapshotPath(home, id, other!.snapshotId));
    },
    found: { what: "snapshot", message: /holds another state/ },
  },
  {
    name: "a kept state that is not there",
    damage: async (id) => rmSync(snapshotPath(home, id, (await keptSnapshots(id))[1]!.snapshotId)),
    found: { what: "snapshot", message: /is missing/ },
  },
  {
    name: "one bit of a temperature",
    damage: (id) => change("hours", id, "firstValue", temperatureOf(early), nextTo),
    found: {
      what: "hour",
      message: /^hours consumed differ from 2020-01-26T07:00:00.000Z to 2020-01-27T23:00:00.000Z$/,
    },
    ledger: { entry: 2, message: /^the values first seen differ from those it records$/ },
  },
  {
    name: "a tenth of a degree of a temperature",
    damage: (id) => change("hours", id, "firstValue", temperatureOf(late), (before: number) => before + 0.1),
    found: { what: "hour", time: iso(late), message: /the forecast issued at the last/ },
    ledger: { entry: 2, message: /^the values first seen/ },
  },
  {
    name: "an hour no longer there",
    damage: (id) => store.run(`DELETE FROM hours WHERE stationId = '${id}' AND ${timeIs("validTime", late)}`),
    found: { what: "hour", time: iso(late) },
    ledger: { entry: 2, message: /^it records \d+ values first seen, but \d+ are stored$/ },
  },
  {
    name: "a late hour passed off as learned",
    damage: async (id) => {
      await storeHours(store, id, [observed(12, 8)], 100);
      await store.run(`UPDATE hours SET learned = true WHERE stationId = '${id}'`);
    },
    found: { what: "hour", time: iso(100) },
    ledger: { entry: 2, message: /^the forecast issued at .* was made from a value first recorded in entry 3$/ },
  },
  {
    name: "one bit of a forecast",
    damage: (id) => change("forecasts", id, "valueC", dewPointForecast, nextTo),
    found: { what: "forecast", time: iso(early), message: /^forecast is recorded as dewPoint 7 / },
  },
  {
    name: "one bit of a quantile",
    damage: (id) => change("forecasts", id, "p975", dewPointForecast, nextTo),
    found: { what: "forecast", time: iso(early) },
  },
  {
    name: "a forecast no longer there",
    damage: (id) => store.run(`DELETE FROM forecasts WHERE stationId = '${id}' AND ${dewPointForecast}`),
    found: { what: "forecast", time: iso(early) },
  },
  {
    name: "a forecast nobody issued",
    damage: (id) =>
      store.run(`INSERT INTO forecasts (stationId, issuedTime, leadHours, variable, valueC)
        VALUES ('${id}', make_timestamp(${at(hours + 3) * 1000}), 1, 'temperature', 10)`),
    found: { what: "forecast", time: iso(hours + 3), message: /the replay gives none/ },
  },
  {
    name: "one digit of an issue's digest",
    damage: (id) => change("issues", id, "digest", timeIs("issuedTime", late), firstDigit),
    found: { what: "issue", time: iso(late) },
    ledger: { entry: 2, message: /^the forecasts issued from 2020-01-26T07:00:00.000Z differ from those it records$/ },
  },
  {
    name: "a deleted forecast",
    damage: (id) => store.run(`DELETE FROM issues WHERE stationId = '${id}' AND ${timeIs("issuedTime", early)}`),
    found: { what: "issue", time: iso(early), message: /^digest of the forecast is recorded as none/ },
    ledger: { entry: 2, message: /^it records (\d+) forecasts issued from .*, but \d+ are stored$/ },
  },
  {
    name: "one digit of a snapshot id",
    damage: (id) => change("snapshots", id, "snapshotId", timeIs("throughTime", hours - 1), firstDigit),
    found: { what: "snapshot", time: iso(hours - 1) },
  },
  {
    name: "one digit of the digest of hours in a snapshot whose state is gone",
    damage: (id) => change("snapshots", id, "hoursDigest", timeIs("throughTime", 30), firstDigit),
    found: { what: "snapshot", time: iso(30), message: /^hoursDigest is recorded as/ },
  },
  {
    name: "another parent",
    damage: (id) => change("snapshots", id, "parentId", timeIs("throughTime", hours - 1), firstDigit),
    found: { what: "snapshot", time: iso(hours - 1), message: /^parentId/ },
  },
  {
    name: "a time at which a value was first seen",
    damage: (id) =>
      change("hours", id, "firstSeenTime", temperatureOf(early), () => new Date(at(early) - 1).toISOString()),
    found: null,
    ledger: { entry: 2, message: /^the values first seen/ },
  },
  {
    name: "a forecast passed off as made earlier",
    damage: (id) =>
      change("issues", id, "madeTime", timeIs("issuedTime", late), () => new Date(at(late)).toISOString()),
    found: null,
    ledger: { entry: 2, message: /^the forecasts issued from/ },
  },
  {
    name: "a forecast from a value that was seen later, by a ledger written anew to suit it",
    damage: async (id) => {
      await change("hours", id, "firstSeenTime", temperatureOf(early), () => new Date(at(hours) + 1).toISOString());
      const [first, second] = (await readLedger(store, id)) as [LedgerEntry, LedgerEntry];
      await chain(id, [
        first,
        { ...second, seenDigest: (await digestsByEntry(store, observedValues, id)).get(2)!.digest },
      ]);
    },
    found: null,
    ledger: { entry: 2, message: /^the forecast issued at .* was made at .* from a value first seen at .*:00\.001Z$/ },
  },
  {
    name: "one bit of an official forecast",
    damage: (id) => change("officialForecasts", id, "temperatureC", officialLead, nextTo),
    // Less than the model notices, which converts it to a 32-bit number.
    found: null,
    ledger: { entry: 2, message: /^the hours of official forecasts first seen differ from those it records$/ },
  },
  {
    name: "a tenth of a degree of an official forecast",
    damage: (id) => change("officialForecasts", id, "temperatureC", officialLead, (before: number) => before + 0.1),
    found: { what: "hour", time: iso(officialHour + 1), message: /^hours consumed differ/ },
    ledger: { entry: 2, message: /^the hours of official forecasts/ },
  },
  {
    name: "an hour of an official forecast no longer there",
    damage: (id) => store.run(`DELETE FROM officialForecasts WHERE stationId = '${id}' AND ${officialLead}`),
    found: { what: "hour" },
    ledger: { entry: 2, message: /^it records 96 hours of official forecasts first seen, but 95 are stored$/ },
  },
  {
    name: "a forecast from an official one that was seen later, by a ledger written anew to suit it",
    damage: async (id) => {
      await store.run(`UPDATE officialForecasts SET entry = 3
        WHERE stationId = '${id}' AND ${timeIs("issuedTime", officialHour)}`);
      const [first, second] = (await readLedger(store, id)) as [LedgerEntry, LedgerEntry];
      const { n, digest } = (await digestsByEntry(store, officialHoursSeen, id)).get(3)!;
      const none = { officialSeen: 0, officialDigest: emptyDigest };
      const nothing = { ...noForecasts, seen: 0, seenDigest: emptyDigest };
      const third = { ...second, ...nothing, entry: 3, officialSeen: n, officialDigest: digest };
      await chain(id, [first, { ...second, ...none }, third]);
    },
    found: null,
    ledger: { entry: 2, message: /^the forecast issued at .* from an official forecast first recorded in entry 3$/ },
  },
  {
    name: "official forecasts of before the ledger told of them, told of with the entry after",
    damage: async (id) => {
      await store.run(`UPDATE officialForecasts SET entry = 3 WHERE stationId = '${id}'`);
      const untold = { officialSeen: null, officialDigest: null };
      await chain(
        id,
        (await readLedger(store, id)).map((entry) => ({ ...entry, ...untold })),
      );
    },
    found: null,
  },
  {
    name: "a value that a rebuild is said to have taken",
    damage: (id) =>
      store.run(`INSERT INTO rebuiltHours VALUES ('${id}', make_timestamp(${at(early) * 1000}), 'temperature', 1)`),
    found: { what: "hour" },
    ledger: { entry: 2, message: /relearning/ },
  },
  {
    name: "a link of the ledger's chain",
    damage: (id) => change("ledger", id, "hash", "entry = 1", firstDigit),
    found: null,
    ledger: { entry: 1, message: /^the entry does not match its hash$/ },
  },
  {
    name: "an entry of the ledger",
    damage: (id) => change("ledger", id, "seen", "entry = 2", (before: number) => before + 1),
    found: null,
    ledger: { entry: 2, message: /does not match its hash/ },
  },
  {
    name: "an entry of the ledger that is replaced, and those after it numbered anew",
    damage: async (id) => {
      await store.run(`DELETE FROM ledger WHERE stationId = '${id}' AND entry = 1`);
      await store.run(`UPDATE ledger SET entry = 1 WHERE stationId = '${id}'`);
    },
    found: null,
    ledger: { entry: 1, message: /does not match its hash/ },
  },
  {
    name: "an entry of the ledger no longer there",
    damage: (id) => store.run(`DELETE FROM ledger WHERE stationId = '${id}' AND entry = 1`),
    found: null,
    ledger: { entry: 1, message: /^the entry is missing$/ },
  },
  {
    name: "the newest entry of the ledger no longer there",
    damage: (id) => store.run(`DELETE FROM ledger WHERE stationId = '${id}' AND entry = 2`),
    found: null,
    ledger: { entry: 1, message: /^it records 29 forecasts issued from .*, but \d+ are stored$/ },
  },
  {
    name: "a ledger no longer there",
    damage: (id) => store.run(`DELETE FROM ledger WHERE stationId = '${id}'`),
    found: null,
    ledger: { entry: 1, message: /^it does not record the forecast issued at 2020-01-25T00:00:00.000Z$/ },
  },
  {
    name: "another configuration",
    damage: (id) => store.run(`UPDATE snapshots SET configDigest = 'of another model' WHERE stationId = '${id}'`),
    found: { what: "configuration", message: /starts over/ },
  },
];
const ids = damages.map((_, i) => `USW${String(i + 1).padStart(8, "0")}`);

let verified: Map<string, VerifiedStation>;
let since: VerifiedStation[];

beforeAll(async () => {
  const [trained, ...others] = ids;
  await storeHours(store, trained!, rows.slice(0, 31));
  await storeOfficial(store, trained!, 20, 96, (lead) => 10 + lead / 10);
  await trainTo(store, home, [trained!], 30);
  await storeOfficial(store, trained!, officialHour, 96, (lead) => 12 + lead / 10);
  await storeHours(store, trained!, rows.slice(31), 31);
  await trainTo(store, home, [trained!], hours);
  // Only the column of the station tells records of stations apart.
  for (const id of others) {
    for (const table of ["hours", "officialForecasts", "snapshots", "issues", "forecasts"]) {
      await store.run(`INSERT INTO ${table} SELECT * REPLACE ('${id}' AS stationId) FROM ${table}
        WHERE stationId = '${trained}'`);
    }
    await chain(id, await readLedger(store, trained!));
    cpSync(join(home, "snapshots", trained!), join(home, "snapshots", id), { recursive: true });
  }
  for (const [i, { damage }] of damages.entries()) await damage(ids[i]!);
  const result = await verifyStations(store, configOf(home), ids);
  verified = new Map(result.map((station) => [station.id, station]));
  // Long after the only changed hour, and before any.
  since = await verifyStations(store, configOf(home), [ids[0]!, idOf("one bit of a temperature")], { since: at(late) });
});
afterAll(() => store.close());

const idOf = (name: string) => ids[damages.findIndex((damage) => damage.name === name)]!;

describe("verifying", () => {
  it("counts what it compared if all is as recorded", () => {
    const issues = rows.filter(([temperatureC]) => !Number.isNaN(temperatureC!)).length;
    expect(verified.get(ids[0]!)).toEqual({
      id: ids[0],
      from: iso(0),
      through: iso(hours - 1),
      hours,
      // The end of a day and of the first run; two ends of days and the last hour.
      snapshots: 5,
      states: 3,
      issues,
      forecasts: issues * 144,
      entries: 2,
      ledgerDifference: null,
      difference: null,
    });
  });

  it.each(damages)("judges $name", ({ name, found, ledger }) => {
    const { difference, ledgerDifference } = verified.get(idOf(name))!;
    if (found === null) expect(difference).toBeNull();
    else {
      expect(difference).toMatchObject({ what: found.what, time: found.time ?? expect.any(String) });
      expect(difference!.message).toMatch(found.message ?? /./);
    }
    if (!ledger) expect(ledgerDifference).toBeNull();
    else {
      expect(ledgerDifference).toMatchObject({ entry: ledger.entry });
      expect(ledgerDifference!.message).toMatch(ledger.message);
    }
  });

  it("names no hour after the changed one and the next snapshot", async () => {
    const { time } = verified.get(idOf("one bit of a temperature"))!.difference!;
    expect(Date.parse(time)).toBeGreaterThanOrEqual(at(early));
    expect(Date.parse(time)).toBeLessThanOrEqual((await keptSnapshots(ids[0]!))[0]!.throughTime);
  });

  it("replays only what it must from a given time on", async () => {
    const [newest] = (await keptSnapshots(ids[0]!)).filter(({ throughTime }) => throughTime <= at(late)).slice(-1);
    expect(newest!.throughTime).toBeGreaterThan(at(early));
    for (const { from, through, hours: replayed, difference, issues } of since) {
      expect(from).toBe(new Date(newest!.throughTime + hourMs).toISOString());
      expect(through).toBe(iso(hours - 1));
      expect(replayed).toBe((at(hours - 1) - newest!.throughTime) / hourMs);
      expect(issues).toBeGreaterThan(0);
      expect(difference).toBeNull();
    }
  });

  it("lists the stations that can be verified; any other is an error", async () => {
    expect(await trainedStations(store)).toEqual(ids);
    const untrained = verifyStations(store, configOf(home), [ids[0]!, "USW99999999"]);
    await expect(untrained).rejects.toThrow("USW99999999 is not trained yet; train it first");
  });

  it("misses the snapshots of any forecast issued", async () => {
    const gone = "USW99999999";
    for (const table of ["issues", "forecasts", "ledger"]) {
      await store.run(`INSERT INTO ${table} SELECT * REPLACE ('${gone}' AS stationId) FROM ${table}
        WHERE stationId = '${ids[0]}'`);
      expect(await trainedStations(store), table).toEqual([...ids, gone]);
      await store.run(`DELETE FROM ${table} WHERE stationId = '${gone}'`);
    }
  });
});

describe("isotherm verify", () => {
  it("prints what it compared, and fails with the first hour that differs", async () => {
    // The command resolves stations by NOAA's list, so these are built-in stations.
    const own = await temporaryFolder();
    const [atlanta, seattle] = ["USW00013874", "USW00024233"] as const;
    const small = await openStore(own);
    for (const id of [atlanta, seattle]) await storeHours(small, id, rows.slice(0, 60));
    await trainTo(small, own, [atlanta, seattle], 59);
    await small.run("UPDATE forecasts SET p75 = p75 + 1 WHERE stationId = $id AND issuedTime = $time", {
      id: seattle,
      time: timestamp(at(50)),
    });
    small.close();
    const [healthy, all] = await Promise.all([
      isotherm(["verify", "--station", "KATL", "--json"], { ISOTHERM_HOME: own }),
      isotherm(["verify"], { ISOTHERM_HOME: own }).catch((error: Error) => error),
    ]);
    expect(healthy).toMatchObject({ code: 0 });
    expect(JSON.parse(healthy.stdout)).toMatchObject({
      stations: [{ id: atlanta, hours: 60, snapshots: 3, difference: null }],
    });
    expect(all).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/USW00013874 .* as recorded\nUSW00024233 .* forecast differs at 2020-01-27T02/),
      stderr: expect.stringMatching(/error: USW00024233 differs from 2020-01-27T02:00:00\.000Z on \(forecast\): /),
    });
  });
});
