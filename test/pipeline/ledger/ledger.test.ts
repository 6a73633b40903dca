import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore, type Store, timestamp } from "../../../src/data/store/store.js";
import { restoreCheckpoint } from "../../../src/deploy/checkpoint/restoreCheckpoint.js";
import { saveCheckpoint } from "../../../src/deploy/checkpoint/saveCheckpoint.js";
import { writeLedger } from "../../../src/pipeline/api/ledgerFiles.js";
import { withPublished } from "../../../src/pipeline/api/openPublished.js";
import { status } from "../../../src/pipeline/api/status.js";
import { hashOf, type LedgerEntry, readLedger, readLedgerHead } from "../../../src/pipeline/ledger/ledgerEntries.js";
import { emptyDigest } from "../../../src/pipeline/ledger/lineDigest.js";
import { publish } from "../../../src/pipeline/publish/publish.js";
import { comparePublished } from "../../../src/pipeline/verify/difference.js";
import { verifyLedger } from "../../../src/pipeline/verify/verifyLedger.js";
import type { LedgerIndex } from "../../../src/shared/published/ledgerIndex.js";
import { hourMs } from "../../../src/shared/time.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";
import { at, configOf, fastExperts, history, storeHours, trainTo } from "../../support/training.js";

const id = "USW00013874";
/** Every hour is observed. */
const rows = history(200, 3).map((row) => row.map((value) => (Number.isNaN(value) ? 5 : value)));
/** More values than an entry lists, then some hours one by one. */
const bulk = 120;

let home: string;
let store: Store;

beforeAll(async () => {
  home = await temporaryFolder();
  store = await openStore(home);
  await store.run(`INSERT INTO stations VALUES ('${id}', 'KATL', 'Atlanta', 33.6, -84.4, 300, 'America/New_York')`);
  await storeHours(store, id, rows.slice(0, bulk));
  await trainTo(store, home, [id], bulk - 1, { experts: fastExperts });
});
afterAll(() => store.close());

const newest = async () => (await readLedger(store, id)).at(-1)!;

/** Trains at a clock and verifies the ledger; returns its newest entry. */
async function trainedTo(hour: number, options: Parameters<typeof trainTo>[4] = {}): Promise<LedgerEntry> {
  await trainTo(store, home, [id], hour, { experts: fastExperts, ...options });
  expect(await verifyLedger(store, id)).toMatchObject({ difference: null });
  return newest();
}

test("one entry records a history, and one more each following hour", async () => {
  expect(await newest()).toMatchObject({
    entry: 1,
    seen: bulk * 6,
    issued: bulk,
    issuedFrom: at(0),
    issuedThrough: at(bulk - 1),
    taken: 0,
  });
  expect((await trainedTo(bulk)).entry).toBe(1);
  for (const hour of [bulk, bulk + 1]) {
    await storeHours(store, id, [rows[hour]!], hour);
    const entry = await trainedTo(hour);
    expect(entry).toMatchObject({ entry: hour - bulk + 2, time: at(hour), seen: 6, issued: 1, issuedFrom: at(hour) });
    const [tip] = await store.all<{ id: string }>("SELECT snapshotId AS id FROM snapshots ORDER BY throughTime DESC");
    expect(entry.snapshotIds).toBe(tip!.id);
  }
});

test("its files suffice to check the chain, and the values listed there", async () => {
  const config = configOf(home, fastExperts);
  await publish(store, config, { clock: { now: () => at(bulk + 1), replaying: true } });
  const dir = await temporaryFolder();
  const served = await withPublished(async (published) => {
    await writeLedger(published, dir);
    return status(published, []);
  }, home);
  const index = JSON.parse(readFileSync(join(dir, "api", "ledger.json"), "utf8")) as LedgerIndex;
  expect(index.head).toEqual(await readLedgerHead(store));
  expect(served.ledger).toEqual(index.head);
  const days = [0, bulk - 1, bulk + 1].map((hour) => new Date(at(hour)).toISOString().slice(0, 10));
  expect(index.files).toEqual([
    { name: `ledger/${days[1]}.parquet`, entries: 1 },
    { name: `ledger/${days[2]}.parquet`, entries: 2 },
  ]);
  let previous = "";
  for (const { name } of index.files) {
    const entries = await store.all<Record<string, unknown> & { values: string }>(
      `SELECT * EXCLUDE "values", to_json("values")::VARCHAR AS "values"
       FROM read_parquet('${join(dir, "api", name)}') ORDER BY entry`,
    );
    for (const { values, hash, ...entry } of entries) {
      expect(hashOf(previous, entry as unknown as LedgerEntry)).toBe(hash);
      previous = hash as string;
      const listed = JSON.parse(values) as { value: number; variable: string; source: string }[];
      expect(listed).toHaveLength(entry.seen === bulk * 6 ? 0 : 6);
      const time = entry.time as number;
      const lines = listed.map((v) => `${JSON.stringify([time, v.variable, v.value, v.source, time])}\n`).join("");
      if (lines) expect(createHash("sha256").update(lines).digest("hex").slice(0, 32)).toBe(entry.seenDigest);
    }
  }
  expect(previous).toBe((await newest()).hash);
});

test("what is published is compared with what is stored", async () => {
  expect(await comparePublished(store, home, id)).toBeNull();
  const edited = { issuedTime: timestamp(at(bulk)), change: "valueC = valueC + 0.1" };
  const where = `stationId = '${id}' AND leadHours = 5 AND variable = 'temperature' AND issuedTime = $issuedTime`;
  await store.run(`UPDATE forecasts SET ${edited.change} WHERE ${where}`, { issuedTime: edited.issuedTime });
  expect(await comparePublished(store, home, id)).toMatchObject({
    what: "published",
    hour: at(bulk) / hourMs,
    message: expect.stringMatching(/^published temperature 5 hours ahead /),
  });
  await store.run(`UPDATE forecasts SET ${edited.change.replace("+", "-")} WHERE ${where}`, {
    issuedTime: edited.issuedTime,
  });
});

test("the ledger continues after a run with an earlier clock, within one entry and across several", async () => {
  const before = await readLedger(store, id);
  const back = await trainedTo(bulk - 10);
  expect(back).toMatchObject({ issuedFrom: at(0), issuedThrough: at(bulk - 10), issued: bulk - 9, seen: 0 });
  const again = await trainedTo(bulk + 1);
  expect(again).toMatchObject({ issuedFrom: at(bulk - 9), issuedThrough: at(bulk + 1), issued: 11 });
  expect((await readLedger(store, id)).slice(0, before.length)).toEqual(before);
});

test("a forecast issued by a run with an earlier clock was made when its values were first seen, so it is late", async () => {
  const hours = [bulk + 2, bulk + 3, bulk + 4];
  await storeHours(
    store,
    id,
    hours.map((hour) => rows[hour]!),
    hours[0],
  );
  // All three were first seen by the last run.
  await store.run("UPDATE hours SET firstSeenTime = $seen WHERE validTime >= $first", {
    seen: timestamp(at(hours[2]!)),
    first: timestamp(at(hours[0]!)),
  });
  await trainedTo(hours[2]!);
  await trainedTo(bulk + 1);
  expect(await trainedTo(hours[1]!)).toMatchObject({
    issuedFrom: at(hours[0]!),
    issuedThrough: at(hours[1]!),
    seen: 0,
  });
  const made = await store.all("SELECT epoch_ms(madeTime)::DOUBLE AS time FROM issues WHERE issuedTime >= $first", {
    first: timestamp(at(hours[0]!)),
  });
  expect(made).toEqual([{ time: at(hours[2]!) }, { time: at(hours[2]!) }]);
  await trainedTo(hours[2]!);
});

test("the ledger records the values that relearning used", async () => {
  expect((await newest()).takenDigest).toBe(emptyDigest);
  await store.run(
    `UPDATE hours SET value = value + 1, corrections = 1 WHERE variable = 'temperature' AND validTime = $time`,
    { time: timestamp(at(40)) },
  );
  const relearned = await trainedTo(bulk + 4, { relearn: new Set([id]) });
  expect(relearned).toMatchObject({ taken: 1, issuedThrough: at(bulk + 4), seen: 0 });
  expect(relearned.takenDigest).not.toBe(emptyDigest);
});

test("a checkpoint carries the ledger, and later entries are chained to it", async () => {
  const place = join(await temporaryFolder(), "checkpoint");
  const entries = await readLedger(store, id);
  store.close();
  await saveCheckpoint({ home, place, states: "daily", contact: null });
  home = await temporaryFolder();
  await restoreCheckpoint([place], { home });
  store = await openStore(home);
  expect(await readLedger(store, id)).toEqual(entries);
  await storeHours(store, id, [rows[bulk + 5]!], bulk + 5);
  expect(await trainedTo(bulk + 5)).toMatchObject({ entry: entries.length + 1, seen: 6, issued: 1 });
});
