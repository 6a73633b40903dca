import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, timestamp } from "../../../src/data/store/store.js";
import { hashOf, type LedgerEntry, readLedger } from "../../../src/pipeline/ledger/ledgerEntries.js";
import { emptyDigest } from "../../../src/pipeline/ledger/lineDigest.js";
import { digestsByEntry, guidanceValuesSeen, observedValues } from "../../../src/pipeline/ledger/recordedValues.js";
import { noForecasts } from "../../../src/pipeline/ledger/unrecordedForecasts.js";
import { snapshotPath } from "../../../src/pipeline/train/snapshotFile.js";
import { trainedStations, type VerifiedStation, verifyStations } from "../../../src/pipeline/verify/verify.js";
import { hourMs } from "../../../src/shared/time.js";
import { missing, observed } from "../../model/support/series.js";
import { isotherm } from "../../support/isotherm.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, fastExperts, history, storeGuidance, storeHours, trainTo } from "../../support/training.js";

const hours = 110;
const rows = history(hours, 20).map((row, i) => (i === 100 || i === 101 ? missing : row));
/** Observed hours, one in the middle of the history and one near its end. */
const [early, late] = [60, 105];
const timeIs = (column: string, hour: number) => `${column} = make_timestamp(${at(hour) * 1000})`;
/** When a second run of guidance was first public, after the first run of the pipeline. */
const guidanceHour = 40;
const guidanceRun = `source = 'nws' AND ${timeIs("issuedTime", guidanceHour)}`;
const guidanceLead = `leadHours = 9 AND ${guidanceRun}`;
const iso = (hour: number) => new Date(at(hour)).toISOString();

const home = await temporaryFolder();
const store = await openStore(home);
const config = configOf(home, fastExperts);

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

const temperatureOf = (hour: number) => `variable = 'temperature' AND ${timeIs("validTime", hour)}`;
const dewPointForecast = `variable = 'dewPoint' AND leadHours = 7 AND ${timeIs("issuedTime", early)}`;
const firstDigit = (digest: string) => `${digest.startsWith("a") ? "b" : "a"}${digest.slice(1)}`;
const tenthMore = (value: number) => value + 0.1;

type Damage = (id: string) => Promise<unknown> | unknown;

/** Changes a cell of the only row that satisfies a condition. */
function change<Value>(table: string, column: string, where: string, to: (before: Value) => Value): Damage {
  return async (id) => {
    const rows = `stationId = '${id}' AND ${where}`;
    const found = await store.all<{ before: Value }>(`SELECT "${column}" AS before FROM ${table} WHERE ${rows}`);
    expect(found).toHaveLength(1);
    const after = to(found[0]!.before) as string | number;
    await store.run(`UPDATE ${table} SET "${column}" = $after WHERE ${rows}`, { after });
  };
}

const remove =
  (table: string, where = "true"): Damage =>
  (id) =>
    store.run(`DELETE FROM ${table} WHERE stationId = '${id}' AND ${where}`);

const setTime = (table: string, column: string, where: string, time: number) =>
  change(table, column, where, () => new Date(time).toISOString());

/** Does something to the file of one of the kept states. */
const changeState =
  (which: number, damage: (path: string, others: string[]) => void): Damage =>
  async (id) => {
    const paths = (await keptSnapshots(id)).map(({ snapshotId }) => snapshotPath(home, id, snapshotId));
    damage(paths.at(which)!, paths);
  };

/** Rewrites a station's ledger as one that is chained correctly. */
const rewriteLedger =
  (rewrite: (entries: LedgerEntry[]) => LedgerEntry[]): Damage =>
  async (id) => {
    const entries = rewrite(await readLedger(store, ids[0]!));
    let previous = "";
    const chained = entries.map(({ hash: _, ...rest }) => {
      const entry = { ...rest, stationId: id };
      previous = hashOf(previous, entry);
      return { ...entry, hash: previous };
    });
    await remove("ledger")(id);
    await store.insert("ledger", chained);
  };

interface Found {
  /** What the replay finds; absent for nothing. */
  replay?: { time?: string; what: string; message?: RegExp };
  /** What the ledger, which has an entry for each of two runs, finds; absent for nothing. */
  ledger?: { entry: number; message: RegExp };
}

const damagedState = (message: RegExp, time?: string): Found => ({
  replay: { what: "snapshot", message, ...(time && { time }) },
});
const inLedger = (entry: number, message: RegExp): Found => ({ ledger: { entry, message } });
const atHour = (hour: number | null, message?: RegExp) => ({
  replay: { what: "hour", ...(hour !== null && { time: iso(hour) }), ...(message && { message }) },
});

const damages: Record<string, [Damage, Found]> = {
  nothing: [() => undefined, {}],
  "a better value of an hour, which keeps what was first seen": [
    change("hours", "value", temperatureOf(early), () => 41.5),
    {},
  ],
  "an hour that came late": [(id) => storeHours(store, id, [observed(12, 8)], 100), {}],
  "one bit of a kept state": [changeState(1, (path) => flipBit(path, 5000)), damagedState(/\.bin is damaged/)],
  "one bit of the newest state": [
    changeState(-1, (path) => flipBit(path, 20)),
    damagedState(/\.bin is damaged/, iso(hours - 1)),
  ],
  "a state replaced by the whole state of another hour": [
    changeState(1, (path, [first]) => copyFileSync(first!, path)),
    damagedState(/holds another state/),
  ],
  "a kept state that is missing": [changeState(1, (path) => rmSync(path)), damagedState(/is missing/)],
  "one bit of a temperature": [
    change("hours", "firstValue", temperatureOf(early), nextTo),
    {
      ...atHour(null, /^hours consumed differ from 2020-01-26T07:00:00.000Z to 2020-01-27T23:00:00.000Z$/),
      ...inLedger(2, /^the values first seen differ from those it records$/),
    },
  ],
  "a tenth of a degree of a temperature": [
    change("hours", "firstValue", temperatureOf(late), tenthMore),
    { ...atHour(late, /the forecast issued at the last/), ...inLedger(2, /^the values first seen/) },
  ],
  "a deleted hour": [
    remove("hours", timeIs("validTime", late)),
    { ...atHour(late), ...inLedger(2, /^it records \d+ values first seen, but \d+ are stored$/) },
  ],
  "a late hour marked as learned": [
    async (id) => {
      await storeHours(store, id, [observed(12, 8)], 100);
      await store.run(`UPDATE hours SET learned = true WHERE stationId = '${id}'`);
    },
    {
      ...atHour(100),
      ...inLedger(2, /^the forecast issued at .* was made from a value first recorded in entry 3$/),
    },
  ],
  "one bit of a forecast": [
    change("forecasts", "valueC", dewPointForecast, nextTo),
    { replay: { what: "forecast", time: iso(early), message: /^forecast is recorded as dewPoint 7 / } },
  ],
  "one bit of a quantile": [
    change("forecasts", "p975", dewPointForecast, nextTo),
    { replay: { what: "forecast", time: iso(early) } },
  ],
  "a deleted lead of a forecast": [
    remove("forecasts", dewPointForecast),
    { replay: { what: "forecast", time: iso(early) } },
  ],
  "a forecast that was never issued": [
    (id) =>
      store.run(`INSERT INTO forecasts (stationId, issuedTime, leadHours, variable, valueC)
        VALUES ('${id}', make_timestamp(${at(hours + 3) * 1000}), 1, 'temperature', 10)`),
    { replay: { what: "forecast", time: iso(hours + 3), message: /the replay gives none/ } },
  ],
  "one digit of an issue's digest": [
    change("issues", "digest", timeIs("issuedTime", late), firstDigit),
    {
      replay: { what: "issue", time: iso(late) },
      ...inLedger(2, /^the forecasts issued from 2020-01-26T07:00:00.000Z differ from those it records$/),
    },
  ],
  "a deleted forecast": [
    remove("issues", timeIs("issuedTime", early)),
    {
      replay: { what: "issue", time: iso(early), message: /^digest of the forecast is recorded as none/ },
      ...inLedger(2, /^it records (\d+) forecasts issued from .*, but \d+ are stored$/),
    },
  ],
  "one digit of a snapshot id": [
    change("snapshots", "snapshotId", timeIs("throughTime", hours - 1), firstDigit),
    damagedState(/./, iso(hours - 1)),
  ],
  "one digit of the digest of hours in a snapshot without a state": [
    change("snapshots", "hoursDigest", timeIs("throughTime", 30), firstDigit),
    damagedState(/^hoursDigest is recorded as/, iso(30)),
  ],
  "another parent": [
    change("snapshots", "parentId", timeIs("throughTime", hours - 1), firstDigit),
    damagedState(/^parentId/, iso(hours - 1)),
  ],
  "a time at which a value was first seen": [
    setTime("hours", "firstSeenTime", temperatureOf(early), at(early) - 1),
    inLedger(2, /^the values first seen/),
  ],
  "an earlier time at which a forecast was made": [
    setTime("issues", "madeTime", timeIs("issuedTime", late), at(late)),
    inLedger(2, /^the forecasts issued from/),
  ],
  "a forecast from a value that was seen later, with a ledger rewritten to match": [
    async (id) => {
      await setTime("hours", "firstSeenTime", temperatureOf(early), at(hours) + 1)(id);
      const seenDigest = (await digestsByEntry(store, observedValues, id)).get(2)!.digest;
      await rewriteLedger(([first, second]) => [first!, { ...second!, seenDigest }])(id);
    },
    inLedger(2, /^the forecast issued at .* was made at .* from a value first seen at .*:00\.001Z$/),
  ],
  "one bit of guidance": [
    change("guidance", "temperatureC", guidanceLead, nextTo),
    // Less than the model notices, which converts it to a 32-bit number.
    inLedger(2, /^the rows of guidance first seen differ from those it records$/),
  ],
  "a tenth of a degree of guidance": [
    change("guidance", "temperatureC", guidanceLead, tenthMore),
    { ...atHour(guidanceHour + 1, /^hours consumed differ/), ...inLedger(2, /^the rows of guidance/) },
  ],
  "a deleted hour of guidance": [
    remove("guidance", guidanceLead),
    { ...atHour(null), ...inLedger(2, /^it records 99 rows of guidance first seen, but 98 are stored$/) },
  ],
  "a deleted run of guidance that changed nothing": [
    // After a day the model no longer uses what the run before it said.
    remove("guidanceRuns", timeIs("issuedTime", guidanceHour + 1)),
    { ...atHour(guidanceHour + 25), ...inLedger(2, /^it records 99 rows of guidance first seen, but 98 are stored$/) },
  ],
  "a deleted run of guidance": [
    remove("guidanceRuns", guidanceRun),
    { ...atHour(null), ...inLedger(2, /^it records 99 rows of guidance first seen, but 3 are stored$/) },
  ],
  "a later time at which guidance was public": [
    setTime("guidanceRuns", "publicTime", guidanceRun, at(guidanceHour) + 1),
    inLedger(2, /^the rows of guidance first seen differ/),
  ],
  "the spread of guidance": [
    change("guidance", "temperatureSpreadC", guidanceLead, () => 1),
    inLedger(2, /^the rows of guidance first seen differ/),
  ],
  "guidance of another source": [
    // The same for the model, which has one place for all archives.
    async (id) => {
      for (const table of ["guidanceRuns", "guidance"])
        await store.run(`UPDATE ${table} SET source = 'another' WHERE stationId = '${id}' AND source = 'archive'`);
    },
    inLedger(2, /^the rows of guidance first seen differ/),
  ],
  "imported guidance that is said to be live": [
    change("guidanceRuns", "imported", `source = 'archive'`, () => "false"),
    inLedger(2, /^the rows of guidance first seen differ/),
  ],
  "a forecast from guidance that was seen later, with a ledger rewritten to match": [
    async (id) => {
      await store.run(`UPDATE guidanceRuns SET entry = 3 WHERE stationId = '${id}' AND entry = 2`);
      const { n, digest } = (await digestsByEntry(store, guidanceValuesSeen, id)).get(3)!;
      await rewriteLedger(([first, second]) => [
        first!,
        { ...second!, guidanceSeen: 0, guidanceDigest: emptyDigest },
        {
          ...second!,
          ...noForecasts,
          entry: 3,
          seen: 0,
          seenDigest: emptyDigest,
          guidanceSeen: n,
          guidanceDigest: digest,
        },
      ])(id);
    },
    inLedger(2, /^the forecast issued at .* from guidance first recorded in entry 3$/),
  ],
  "nothing in a ledger from before guidance was recorded": [
    async (id) => {
      await store.run(`UPDATE guidanceRuns SET entry = 3 WHERE stationId = '${id}'`);
      const unrecorded = { guidanceSeen: null, guidanceDigest: null };
      await rewriteLedger((entries) => entries.map((entry) => ({ ...entry, ...unrecorded })))(id);
    },
    {},
  ],
  "nothing in guidance imported since, which is learned at the next training": [
    async (id) => {
      await storeGuidance(store, id, 10, 40, () => 20, { source: "nbm", imported: true });
      await store.run(`INSERT INTO learnAgain VALUES ('${id}', make_timestamp(${at(hours) * 1000}))`);
    },
    {},
  ],
  "a value that relearning did not use": [
    (id) =>
      store.run(`INSERT INTO rebuiltHours VALUES ('${id}', make_timestamp(${at(early) * 1000}), 'temperature', 1)`),
    { ...atHour(null), ...inLedger(2, /relearning/) },
  ],
  "the hash of a ledger entry": [
    change("ledger", "hash", "entry = 1", firstDigit),
    inLedger(1, /^the entry does not match its hash$/),
  ],
  "a count in a ledger entry": [
    change("ledger", "seen", "entry = 2", (before: number) => before + 1),
    inLedger(2, /does not match its hash/),
  ],
  "a ledger whose first entry is deleted and whose second takes its number": [
    async (id) => {
      await remove("ledger", "entry = 1")(id);
      await store.run(`UPDATE ledger SET entry = 1 WHERE stationId = '${id}'`);
    },
    inLedger(1, /does not match its hash/),
  ],
  "a deleted ledger entry": [remove("ledger", "entry = 1"), inLedger(1, /^the entry is missing$/)],
  "the newest ledger entry, deleted": [
    remove("ledger", "entry = 2"),
    inLedger(1, /^it records 29 forecasts issued from .*, but \d+ are stored$/),
  ],
  "a deleted ledger": [
    remove("ledger"),
    inLedger(1, /^it does not record the forecast issued at 2020-01-25T00:00:00.000Z$/),
  ],
  "another configuration": [
    (id) => store.run(`UPDATE snapshots SET configDigest = 'of another model' WHERE stationId = '${id}'`),
    { replay: { what: "configuration", message: /starts over/ } },
  ],
};
const names = Object.keys(damages);
const ids = names.map((_, i) => `USW${String(i + 1).padStart(8, "0")}`);
const idOf = (name: string) => ids[names.indexOf(name)]!;

let verified: Map<string, VerifiedStation>;
let since: VerifiedStation[];

beforeAll(async () => {
  const [trained, ...others] = ids;
  await storeHours(store, trained!, rows.slice(0, 31));
  await storeGuidance(store, trained!, 20, 96, (lead) => 10 + lead / 10);
  await trainTo(store, home, [trained!], 30, { experts: fastExperts });
  await storeGuidance(store, trained!, guidanceHour, 96, (lead) => 12.5 + lead / 10);
  await storeGuidance(store, trained!, guidanceHour + 1, 0, () => 0);
  await storeGuidance(store, trained!, guidanceHour, 2, () => 11, { source: "archive", imported: true });
  await storeHours(store, trained!, rows.slice(31), 31);
  await trainTo(store, home, [trained!], hours, { experts: fastExperts });
  // Only the column of the station tells records of stations apart.
  for (const id of others) {
    for (const table of ["hours", "guidanceRuns", "guidance", "snapshots", "issues", "forecasts"]) {
      await store.run(`INSERT INTO ${table} SELECT * REPLACE ('${id}' AS stationId) FROM ${table}
        WHERE stationId = '${trained}'`);
    }
    await rewriteLedger((entries) => entries)(id);
    cpSync(join(home, "snapshots", trained!), join(home, "snapshots", id), { recursive: true });
  }
  for (const name of names) await damages[name]![0](idOf(name));
  // So few at once that no thread is started for them.
  const result: VerifiedStation[] = [];
  for (let i = 0; i < ids.length; i += 8) result.push(...(await verifyStations(store, config, ids.slice(i, i + 8))));
  verified = new Map(result.map((station) => [station.id, station]));
  // Long after the only changed hour, and before any.
  since = await verifyStations(store, config, [ids[0]!, idOf("one bit of a temperature")], { since: at(late) });
});
afterAll(() => store.close());

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

  it.each(names)("reports %s", (name) => {
    const { replay, ledger } = damages[name]![1];
    const { difference, ledgerDifference } = verified.get(idOf(name))!;
    const matching = (message = /./) => expect.stringMatching(message);
    if (replay) expect(difference).toMatchObject({ ...replay, message: matching(replay.message) });
    else expect(difference).toBeNull();
    if (ledger) expect(ledgerDifference).toMatchObject({ ...ledger, message: matching(ledger.message) });
    else expect(ledgerDifference).toBeNull();
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
    const untrained = verifyStations(store, config, [ids[0]!, "USW99999999"]);
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
