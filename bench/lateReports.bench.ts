import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, timestamp } from "../src/data/store/store.js";
import { hourOf } from "../src/data/validate/hourly.js";
import { uniform } from "../src/model/arithmetic/deterministicMath.js";
import { learnableHour } from "../src/pipeline/train/learnableHour.js";
import { dayMs, hourMs, minuteMs } from "../src/shared/time.js";
import { realStation } from "../test/support/realStation.js";
import { printTable } from "./measure.js";

// The cost of not waiting long for a missing hour. Replays three months of real reports run by run, first as the services
// deliver them, then with some of them late. Counts the hours that were learned as missing and came later, and the
// forecasts issued on time. Nobody records how late real reports are; one in fifty, by an hour on average, is a lot.

const archive = process.env.ISOTHERM_ARCHIVE;
if (!archive) throw new Error("set ISOTHERM_ARCHIVE to a folder of real files in GHCNh's layout");
const [from, until] = [Date.UTC(2019, 0, 1), Date.UTC(2019, 3, 1)];
const stations = { KORD: "USW00094846", KBNA: "USW00013897" };
const schedules = { ":05": [5], ":09 and :39": [9, 39] };
const lateness = { "on time": 0, "1 in 50 late": 0.02 };
const [awcMs, ghcnhMs] = [5 * minuteMs, 2 * dayMs + 10 * hourMs];

/** When the first temperature of each hour arrives; hours that only NOAA's archive has arrive days later. */
function arrivals(id: string, icao: string, share: number): [hour: number, seen: number][] {
  const chance = uniform(1);
  const first = new Map<number, number>();
  for (const { time, temperatureC, isLive } of realStation(archive!, id, icao, 2019).observed) {
    const isLate = chance() < share;
    const lateMs = isLate ? Math.round(-Math.log(1 - chance()) * hourMs) : 0;
    if (Number.isNaN(temperatureC) || time >= until) continue;
    const seen = time + (isLive ? awcMs + lateMs : ghcnhMs);
    first.set(hourOf(time), Math.min(seen, first.get(hourOf(time)) ?? Number.POSITIVE_INFINITY));
  }
  return [...first].sort((a, b) => a[1] - b[1]);
}

async function replay(id: string, coming: [hour: number, seen: number][], minutes: readonly number[]) {
  const home = mkdtempSync(join(tmpdir(), "isotherm-bench-"));
  const store = await openStore(home);
  let [learned, at, late, onTime] = [from - hourMs, 0, 0, 0];
  try {
    for (let hour = from; hour < until; hour += hourMs) {
      for (const minute of minutes) {
        if (learned >= hour) continue;
        const now = hour + minute * minuteMs;
        const rows = [];
        for (; at < coming.length && coming[at]![1] <= now; at++) {
          const [time, seen] = coming[at]!;
          if (time <= learned) late++;
          const first = { firstValue: 0, firstSource: "awc", firstSeenTime: seen };
          const current = { value: 0, source: "awc", reportTime: time, reportType: "FM15" };
          rows.push({ stationId: id, validTime: time, variable: "temperature", ...first, ...current });
        }
        await store.insert("hours", rows);
        const last = await learnableHour(store, { watermarkHours: 3 }, id, { genesis: from, now });
        if (last === null || last * hourMs <= learned) continue;
        learned = last * hourMs;
        if (learned === hour) onTime++;
        await store.run("DELETE FROM snapshots");
        await store.run(`INSERT INTO snapshots VALUES ($id, $learned, 'id', NULL, $genesis, 1, '', '', 1, true)`, {
          id,
          learned: timestamp(learned),
          genesis: timestamp(from),
        });
      }
    }
  } finally {
    store.close();
    rmSync(home, { recursive: true });
  }
  return { hours: coming.length, late, "on time": onTime };
}

const rows = [];

for (const [icao, id] of Object.entries(stations)) {
  for (const [name, share] of Object.entries(lateness)) {
    const coming = arrivals(id, icao, share);
    for (const [runs, minutes] of Object.entries(schedules)) {
      rows.push({ station: icao, runs, reports: name, ...(await replay(id, coming, minutes)) });
    }
  }
}
printTable("Hours that came after they were learned as missing, and forecasts issued on time", rows);
