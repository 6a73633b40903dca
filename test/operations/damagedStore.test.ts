import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/data/store/store.js";
import { restoreCheckpoint } from "../../src/deploy/checkpoint/restoreCheckpoint.js";
import { saveCheckpoint } from "../../src/deploy/checkpoint/saveCheckpoint.js";
import { withRun } from "../../src/pipeline/run.js";
import { update } from "../../src/pipeline/update.js";
import { silentReport } from "../../src/shared/progress.js";
import { spawnIsotherm } from "../support/isotherm.js";
import { storedContent } from "../support/storedContent.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { at, configOf, genesis, history, storeHours, trainTo } from "../support/training.js";

const ohare = "USW00094846";
const hours = 60;
/** DuckDB's layout: three headers, then blocks, each with a checksum that is tested when the block is read. */
const headerBytes = 4096;
const blockBytes = 262_144;

let home: string;
/** A checkpoint of `home`. */
let saved: string;
let database: Buffer;
beforeAll(async () => {
  home = await temporaryFolder();
  const store = await openStore(home);
  await storeHours(store, ohare, history(hours, 1));
  await trainTo(store, home, [ohare], hours - 10);
  store.close();
  saved = join(await temporaryFolder(), "checkpoint");
  await saveCheckpoint({ home, place: saved, states: "newest", contact: null });
  database = readFileSync(join(home, "isotherm.duckdb"));
});

/** A copy of `home` of whose store one byte is another. */
async function damagedAt(position: number): Promise<string> {
  const bytes = Buffer.from(database);
  bytes[position]! ^= 0xff;
  return withDatabase(bytes);
}

async function withDatabase(bytes: Buffer): Promise<string> {
  const folder = await temporaryFolder();
  cpSync(home, folder, { recursive: true });
  writeFileSync(join(folder, "isotherm.duckdb"), bytes);
  return folder;
}

/** Where a byte is changed: in each header, where the first one has its checksum and its name, and in every other block. */
function positions(): number[] {
  const headers = [0, 8, headerBytes + 20, 2 * headerBytes + 20];
  const blocks = Math.floor((database.length - 3 * headerBytes) / blockBytes);
  return [
    ...headers,
    ...Array.from({ length: Math.ceil(blocks / 2) }, (_, i) => 3 * headerBytes + 2 * i * blockBytes + 100),
  ];
}

async function updateIn(folder: string): Promise<void> {
  // Folders that can be read, and have nothing.
  const sources = { ghcnh: [folder], isd: [folder], awc: [folder], nws: [folder], nbm: [] };
  const config = { ...configOf(folder), stations: [{ id: ohare, icao: "KORD" }], sources };
  const clock = { now: () => at(hours), replaying: true };
  const given = { config, clock };
  await withRun({ command: "update", report: silentReport }, (run) => update(run, { simulate: false }), given);
}

describe("a store of which a byte is another", () => {
  it("is said to be damaged by an update that meets it, wherever it is", async () => {
    await updateIn(await withDatabase(database));
    let met = 0;
    for (const position of positions()) {
      const folder = await damagedAt(position);
      const message = await updateIn(folder).then(
        () => null,
        (error: Error) => error.message,
      );
      if (message === null) continue;
      met++;
      expect(message, `byte ${position}`).toMatch(/^\S*isotherm\.duckdb is damaged: .*; restore a checkpoint$/s);
      expect(message).toContain(folder);
    }
    // Some blocks hold nothing that is read.
    expect(met).toBeGreaterThan(positions().length / 2);
  }, 60_000);

  it("is replaced by a checkpoint", async () => {
    const { tables } = await storedContent(home);
    // In a header, in the first block, which opening the store reads, and in a later one.
    for (const position of [headerBytes + 20, 3 * headerBytes + 100, 3 * headerBytes + 2 * blockBytes + 100]) {
      const folder = await damagedAt(position);
      await restoreCheckpoint([saved], { home: folder });
      expect((await storedContent(folder)).tables.hours, `byte ${position}`).toBe(tables.hours);
    }
  }, 60_000);

  it("is an error on the command line", async () => {
    const folder = await damagedAt(2 * headerBytes + 20);
    const from = new Date(genesis).toISOString();
    const { code, stderr } = await spawnIsotherm(["update", "--station", "KORD", "--from", from, "--as-of", from], {
      ISOTHERM_HOME: folder,
    });
    expect(code).not.toBe(0);
    expect(stderr).toContain(`${join(folder, "isotherm.duckdb")} is damaged: `);
    expect(stderr).not.toContain("in use");
  });
});

it("a store that is cut off is said to be damaged", async () => {
  for (const bytes of [0, headerBytes, 3 * headerBytes, database.length - 1]) {
    const folder = await withDatabase(database.subarray(0, bytes));
    await expect(updateIn(folder), `${bytes} bytes`).rejects.toThrow(/is damaged: .*; restore a checkpoint$/);
  }
});

it("a log beside the store that is damaged is said to be", async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder);
  await storeHours(store, ohare, history(50, 1));
  const copy = await temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  store.close();
  const log = join(copy, "isotherm.duckdb.wal");
  const bytes = readFileSync(log);
  bytes[bytes.length >> 1]! ^= 0xff;
  writeFileSync(log, bytes);
  await expect(openStore(copy)).rejects.toThrow(/is damaged: .*; restore a checkpoint$/);
  rmSync(log);
  (await openStore(copy)).close();
});

it("a log that is another store's is said to be damage, which a checkpoint replaces", async () => {
  const other = await temporaryFolder();
  const store = await openStore(other);
  await storeHours(store, ohare, history(50, 1));
  const folder = await withDatabase(database);
  cpSync(join(other, "isotherm.duckdb.wal"), join(folder, "isotherm.duckdb.wal"));
  store.close();
  for (const readOnly of [true, false])
    await expect(openStore(folder, { readOnly })).rejects.toThrow(
      /isotherm\.duckdb is damaged: .*; restore a checkpoint$/s,
    );
  await restoreCheckpoint([saved], { home: folder });
  (await openStore(folder)).close();
});

it("a file that is no store is said to be none, and is left as it is", async () => {
  const said = async (make: (file: string) => unknown, readOnly = false) => {
    const folder = await temporaryFolder();
    await make(join(folder, "isotherm.duckdb"));
    return openStore(folder, { readOnly }).then(
      () => "opened",
      (error: Error) => error.message.replaceAll(folder, ""),
    );
  };
  const ofOther = async (file: string, sql: string) => {
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
  };
  expect(await said((file) => writeFileSync(file, "a text"))).toMatch(
    /^\/isotherm\.duckdb is damaged: .*; restore a checkpoint$/s,
  );
  expect(await said((file) => mkdirSync(file))).toMatch(/^cannot open \/isotherm\.duckdb: .*Is a directory/);
  for (const readOnly of [true, false])
    for (const sql of [
      "CREATE TABLE sales (n INTEGER)",
      "CREATE TABLE meta (n INTEGER)",
      "CREATE TABLE meta (key VARCHAR, value VARCHAR)",
      "CREATE TABLE meta AS SELECT 'schemaVersion' AS key, 'soon' AS value",
    ])
      expect(await said((file) => ofOther(file, sql), readOnly)).toMatch(
        /^\/isotherm\.duckdb is not a database of isotherm; move/,
      );
});
