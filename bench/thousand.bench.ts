import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readManifest } from "../src/deploy/checkpoint/checkpointManifest.js";
import { saveCheckpoint } from "../src/deploy/checkpoint/saveCheckpoint.js";
import { type Run, withRun } from "../src/pipeline/run.js";
import { fetchObservations, publishForecasts, train } from "../src/pipeline/update.js";
import { parseConfig } from "../src/shared/config.js";
import { silentReport } from "../src/shared/progress.js";
import { hourMs, minuteMs } from "../src/shared/time.js";
import { buildSite } from "../src/site/site.js";
import { measureIsotherm, peakMb, printTable, sizeOf, timed } from "./measure.js";
import type { SimulatedNoaa } from "./simulatedNoaa.js";

// The cost of an hour with many stations: four days of simulated weather from a loopback NOAA that answers at once, then
// the next hour, another run without new reports, its state and its site. ISOTHERM_BENCH_STATIONS defaults to 1,000, and ISOTHERM_BENCH_NETWORK, the
// stations beside them that only lend their observations, to 60.

const count = Number(process.env.ISOTHERM_BENCH_STATIONS ?? 1000);
const lending = Number(process.env.ISOTHERM_BENCH_NETWORK ?? 60);
const [first, hours] = [Date.UTC(2020, 1, 10), 4 * 24];
const now = first + (hours - 1) * hourMs + 9 * minuteMs;

const program = fileURLToPath(new URL("simulatedNoaa.ts", import.meta.url));
const noaa = fork(program, [count + lending, first, hours + 2].map(String));
const [simulated] = (await once(noaa, "message")) as [SimulatedNoaa];
const home = mkdtempSync(join(tmpdir(), "isotherm-bench-"));
const [files, awc, nws] = simulated.hosts;
const config = parseConfig({
  home,
  genesis: new Date(first).toISOString(),
  stations: simulated.stations.slice(0, count),
  network: simulated.stations.slice(count),
  sources: { ghcnh: [files], isd: [files], awc: [awc], nws: [nws] },
});

/** Fetches, trains and publishes at a time; returns the seconds of each. The time of NOAA's answers counts as fetching. */
async function hour(what: string, time: number) {
  noaa.send(time);
  await once(noaa, "message");
  return withRun(
    { command: "update", report: silentReport },
    async (run) => {
      const stages = {
        fetch: await timed(() => fetchObservations(run, {})),
        train: await timed(() => train(run, {})),
        publish: await timed(() => publishForecasts(run)),
      };
      const requests = await requestsOf(run);
      return Object.entries(stages).map(([stage, { seconds, coreSeconds }]) => ({
        what: `${what}: ${stage}`,
        seconds,
        "core seconds": coreSeconds,
        requests: stage === "fetch" ? requests : "",
      }));
    },
    { config, clock: { now: () => time, replaying: false } },
  );
}

async function requestsOf({ store, runId }: Run): Promise<number> {
  const [row] = await store.all<{ n: number }>("SELECT count(*) AS n FROM requests WHERE runId = $runId", { runId });
  return row!.n;
}

/** The seconds that a checkpoint takes, its size, and the size of what differs from the checkpoint before. */
async function checkpoint(name: string, before?: string) {
  const place = join(home, name);
  const { seconds } = await timed(() => saveCheckpoint({ home, place, states: "daily", contact: null }));
  const filesOf = (folder: string) => {
    const { tables, snapshots } = readManifest(folder);
    return [...tables, ...snapshots];
  };
  const known = new Set(before ? filesOf(before).map(({ sha256 }) => sha256) : []);
  const megabytes = (files: { bytes: number }[]) => files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const all = filesOf(place);
  const changed = all.filter(({ sha256 }) => !known.has(sha256));
  return { place, row: { seconds, MB: megabytes(all), "MB to send": megabytes(changed) } };
}

const runs = await hour(`first run, ${hours} hours`, now);
const one = await checkpoint("one");
runs.push(...(await hour("the next hour", now + hourMs)));
runs.push(...(await hour("ten minutes later", now + hourMs + 10 * minuteMs)));
printTable(`${count} stations and a network of ${lending} more, in one process with ${peakMb()} MB at most`, runs);
const two = await checkpoint("two", one.place);
printTable("State", [
  { what: "checkpoint, first", ...one.row },
  { what: "checkpoint, an hour later", ...two.row },
]);
printTable("On disk", [
  { what: "database", MB: statSync(join(home, "isotherm.duckdb")).size / 1e6, files: 1 },
  { what: "states", ...sizeOf(join(home, "snapshots")) },
  { what: "published tables", ...sizeOf(join(home, "published")) },
]);
const dist = join(home, "dist");
const { seconds } = await timed(() => buildSite({ home, outDir: dist }));
printTable("Site", [{ what: "build", seconds, ...sizeOf(dist) }]);
const restored = mkdtempSync(join(tmpdir(), "isotherm-bench-"));
const restore = await measureIsotherm(["restore", two.place], { ISOTHERM_HOME: restored });
printTable("Restore", [{ what: "restore", seconds: restore.seconds, "peak MB": restore.peakMb }]);
noaa.kill();
for (const folder of [home, restored]) rmSync(folder, { recursive: true });
