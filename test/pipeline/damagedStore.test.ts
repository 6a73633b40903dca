import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { restoreCheckpoint } from "../../src/pipeline/checkpoint/restoreCheckpoint.js";
import { saveCheckpoint } from "../../src/pipeline/checkpoint/saveCheckpoint.js";
import { silentReport } from "../../src/pipeline/progress.js";
import { withRun } from "../../src/pipeline/run.js";
import { openStore } from "../../src/pipeline/store.js";
import { update } from "../../src/pipeline/update.js";
import { isotherm } from "../support/isotherm.js";
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
  const sources = { ghcnh: [folder], isd: [folder], awc: [folder], nws: [folder] };
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

  it("is told on the command line, which fails", async () => {
    const folder = await damagedAt(2 * headerBytes + 20);
    const from = new Date(genesis).toISOString();
    const { code, stderr } = await isotherm(["update", "--station", "KORD", "--from", from, "--as-of", from], {
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
