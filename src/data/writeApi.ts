import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeLearnedHours } from "./learnedHours.js";
import { writeLedger } from "./ledgerFiles.js";
import { modelFiles } from "./modelFiles.js";
import { withPublished } from "./published.js";
import { stationEvaluation } from "./stationEvaluation.js";
import { stationForecast } from "./stationForecast.js";
import { writeIssues } from "./stationIssues.js";
import { stationMap } from "./stationMap.js";
import { stationSummaries } from "./stations.js";
import { status } from "./status.js";

/**
 * Writes the files of stable address into a built site: `status.json` and all under `api/`. One process for all
 * stations, where a loader each would take about a second a file; the preview makes the same files one at a time,
 * by the loaders in `src/api`.
 */
export async function writeApi(dir: string, buildId: string, home?: string): Promise<void> {
  await withPublished(async (published) => {
    const write = async (name: string, content: unknown) => {
      const file = join(dir, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, JSON.stringify(content));
    };
    const stations = await stationSummaries(published);
    await write("status.json", await status(published, buildId));
    await write("api/stations.json", stations);
    await write("api/map.json", stationMap(stations));
    await writeLedger(published, dir);
    for (const station of stations) {
      await write(`api/${station.key}.json`, await stationForecast(published, station));
      await write(`api/${station.key}/evaluation.json`, await stationEvaluation(published, station));
      for await (const [name, content] of modelFiles(published, station)) await write(`api/${name}`, content);
      await writeIssues(published, station, join(dir, "api", station.key, "issues.parquet"));
      await writeLearnedHours(published, station, join(dir, "api", station.key, "learnedHours.parquet"));
    }
  }, home);
}

const [dir, buildId] = process.argv.slice(2);
if (dir && buildId) await writeApi(dir, buildId);
