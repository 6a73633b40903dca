import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchNbm } from "../src/data/fetch/fetchNbm.js";
import { withFetchRun } from "../src/data/fetch/fetchRun.js";
import type { Station } from "../src/data/sources/source.js";
import { upsertStation } from "../src/data/stations/upsertStation.js";
import { openStore } from "../src/data/store/store.js";
import { parseConfig } from "../src/shared/config.js";
import { silentReport } from "../src/shared/progress.js";
import { hourMs, minuteMs } from "../src/shared/time.js";
import { peakMb, printTable, timed } from "./measure.js";
import type { SimulatedNbm } from "./simulatedNbm.js";

// What the National Blend of Models costs an hour: bulletins of 9,000 stations and some 28 MB on a loopback server, for 14
// stations over ISOTHERM_BENCH_HOURS, ten days by default, and for 1,000.

const first = Date.UTC(2026, 9, 1);
const hours = Number(process.env.ISOTHERM_BENCH_HOURS ?? 240);
const program = fileURLToPath(new URL("simulatedNbm.ts", import.meta.url));
const noaa = fork(program);
const [{ url, codes }] = (await once(noaa, "message")) as [SimulatedNbm];

/** Updates a store of its own hour by hour. */
async function update(stationCodes: readonly string[], hours: number) {
  const home = mkdtempSync(join(tmpdir(), "isotherm-bench-"));
  const store = await openStore(home);
  const stations = stationCodes.map((icao): Station => {
    return {
      stationId: `US00000${icao}`,
      icao,
      name: icao,
      isdId: null,
      latitude: 40,
      longitude: -80,
      elevationM: null,
    };
  });
  const hour = {
    validTime: first,
    reportTime: first,
    firstSeenTime: first,
    variable: "temperature",
    reportType: "FM15",
  };
  const value = { firstValue: 10, value: 10, source: "awc", firstSource: "awc" };
  await store.insert(
    "hours",
    stations.map(({ stationId }) => ({ stationId, ...hour, ...value })),
  );
  for (const station of stations) await upsertStation(store, station, null);
  const sources = { ghcnh: [home], isd: [home], awc: [home], nws: [home], nbm: [url] };
  const config = parseConfig({ home, stations: [{ id: "USW00094846" }], sources });
  const all: { seconds: number; requests: number; kilobytes: number }[] = [];
  for (let i = 0; i < hours; i++) {
    const now = first + i * hourMs + 70 * minuteMs;
    noaa.send(now);
    await once(noaa, "message");
    const options = { genesis: first, clock: { now: () => now, replaying: false }, report: silentReport };
    const { seconds } = await timed(() =>
      withFetchRun(store, config, { ...options, runId: String(now) }, (run) => fetchNbm(run, stations)),
    );
    const [row] = await store.all<{ requests: number; kilobytes: number }>(
      "SELECT count(*) AS requests, sum(bytes)::DOUBLE / 1000 AS kilobytes FROM requests WHERE runId = $now",
      { now: String(now) },
    );
    all.push({ seconds, ...row! });
  }
  const [stored] = await store.all<{ n: number }>("SELECT count(*) AS n FROM guidance");
  store.close();
  rmSync(home, { recursive: true });
  return { all, rows: stored!.n };
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const few = Array.from({ length: 14 }, (_, i) => codes[300 + i * 601]!);
const ranges = await update(few, hours);
const [start, ...later] = ranges.all;
const row = (what: string, all: typeof ranges.all) => ({
  what,
  seconds: mean(all.map(({ seconds }) => seconds)),
  requests: mean(all.map(({ requests }) => requests)),
  kB: mean(all.map(({ kilobytes }) => kilobytes)),
});
const before = peakMb();
const many = await update(
  Array.from({ length: 1000 }, (_, i) => codes[i * 9]!),
  2,
);
const after = peakMb();
printTable("The National Blend of Models", [
  row("14 stations, the first hour", [start!]),
  row(`14 stations, an hour of ${later.length}`, later),
  row("14 stations, the most of an hour", [
    later.reduce((most, hour) => (hour.requests > most.requests ? hour : most)),
  ]),
  row("1,000 stations, the first hour", many.all.slice(0, 1)),
  row("1,000 stations, the next hour", many.all.slice(1)),
]);
console.log(
  `rows stored per station and hour: ${(ranges.rows / 14 / hours).toFixed(1)}; peak memory ${before} to ${after} MB`,
);
noaa.kill();
