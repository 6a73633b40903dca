import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { readLines } from "../src/data/http/readLines.js";
import { ghcnh } from "../src/data/sources/ghcnh.js";
import { openStore } from "../src/data/store/store.js";
import { checkFile } from "../src/data/validate/checkFile.js";
import { storeFile } from "../src/data/validate/storeFile.js";
import { fastest, peakMb, printTable, timed } from "./measure.js";
import { openObservations } from "./observations.js";

// A station-year: every row is checked and stored, compared with DuckDB reading the same file unchecked.

const { station, lastYear: year, fileOf, isReal } = await openObservations();
const path = fileOf(year);
const period = { from: Date.UTC(year - 1, 0), through: Date.UTC(year + 2, 0) };
const check = () => checkFile({ source: ghcnh, station, year, file: path, lines: readLines(path, path) }, period, null);

let rows = -1; // the header
for await (const _ of readLines(path, path)) rows++;

async function ingest(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "isotherm-bench-"));
  const store = await openStore(home);
  try {
    const checked = await check();
    await store.transaction(() => storeFile(store, checked, period.through));
  } finally {
    store.close();
    rmSync(home, { recursive: true });
  }
}

async function readCsv(): Promise<void> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE file AS FROM read_csv('${path}', delim = '|', quote = '', all_varchar = true)`);
  connection.closeSync();
  instance.closeSync();
}

const { seconds: cold } = await timed(ingest);
const ingestSeconds = await fastest(5, ingest);
const ingestPeak = peakMb();
const checkSeconds = await fastest(5, check);
const csvSeconds = await fastest(5, readCsv);
const line = (what: string, seconds: number) => ({ what, seconds, "rows/s": Math.round(rows / seconds) });
printTable(`One ${isReal ? "real" : "simulated"} station-year of 329 columns, ${rows} rows`, [
  line("check and store, the first time", cold),
  line("check and store", ingestSeconds),
  line("check alone", checkSeconds),
  line("DuckDB read_csv alone", csvSeconds),
]);
console.log(`peak memory of check and store: ${ingestPeak} MB\n`);
