import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLines } from "../src/data/http/readLines.js";
import { ghcnh } from "../src/data/sources/ghcnh.js";
import { openStore } from "../src/data/store/store.js";
import { checkFile } from "../src/data/validate/checkFile.js";
import { storeFile } from "../src/data/validate/storeFile.js";
import { maxLeadHours, modelNames, variables } from "../src/model/vocabulary.js";
import { loadConfig } from "../src/pipeline/loadConfig.js";
import { type ReplayTask, replay } from "../src/pipeline/replay/replay.js";
import { hourValues } from "../src/pipeline/train/modelInput.js";
import { hourMs } from "../src/shared/time.js";
import { peakMb, printTable, timed } from "./measure.js";
import { openObservations } from "./observations.js";

// The online loop on one core, each year from the state of the year before: it must become neither slower nor larger.

const { station, firstYear, lastYear, fileOf, isReal } = await openObservations({ simulatedYears: 10 });
const { model: options } = await loadConfig();
const home = mkdtempSync(join(tmpdir(), "isotherm-bench-"));
const store = await openStore(home);
const period = { from: Date.UTC(firstYear, 0), through: Date.UTC(lastYear + 1, 0) };
const rows = [];
let state: Uint8Array | null = null;
let hoursDigest = "";
for (let year = firstYear; year <= lastYear; year++) {
  const lines = readLines(fileOf(year), fileOf(year));
  const checked = await checkFile({ source: ghcnh, station, year, file: fileOf(year), lines }, period, null);
  await store.transaction(() => storeFile(store, checked, period.through));
  const firstHour = Date.UTC(year, 0) / hourMs;
  const lastHour = Date.UTC(year + 1, 0) / hourMs - 1;
  const values = await hourValues(store, station.stationId, firstHour, lastHour);
  const at = {
    firstHour,
    snapshotHours: [lastHour],
    keepStates: [lastHour],
    forecastsFrom: lastHour,
    ewmaeHoursFrom: lastHour,
    eveningsFrom: lastHour,
  };
  const task: ReplayTask = { options, state, hoursDigest, values, guidance: [], around: null, priors: {}, ...at };
  const { seconds, result } = await timed(() => replay(task));
  const snapshot = result.snapshots.at(-1)!;
  ({ state, hoursDigest } = snapshot);
  const hours = lastHour - firstHour + 1;
  rows.push({ year, hours, seconds, "hours/s": Math.round(hours / seconds), "state bytes": snapshot.stateBytes });
}
store.close();
rmSync(home, { recursive: true });
printTable(
  `Replay of one ${isReal ? "real" : "simulated"} station on one core, ` +
    `${modelNames.length} models, ${maxLeadHours} leads, ${variables.length} variables`,
  rows,
);
console.log(`peak memory: ${peakMb()} MB\n`);
