import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withPublished } from "./published.js";
import { stationSummaries } from "./stations.js";

/**
 * Writes every file under `/api/` of the built site; one process for all stations, where a loader each would take
 * about a second a file. The preview makes the same files one at a time, by the loaders in `src/api`.
 */
async function writeApi(dir: string): Promise<void> {
  await withPublished(async (published) => {
    const stations = await stationSummaries(published);
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, "stations.json"), JSON.stringify(stations));
  });
}

await writeApi(process.argv[2]!);
