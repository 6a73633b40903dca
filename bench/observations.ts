import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { simulatedLines } from "../src/data/simulated/simulatedWeather.js";
import { ghcnh } from "../src/data/sources/ghcnh.js";
import type { Station } from "../src/data/sources/source.js";
import { resolveStations } from "../src/data/stations/stations.js";
import { loadConfig } from "../src/pipeline/loadConfig.js";

/** Station-years in GHCNh's layout. */
export interface Observations {
  /** Folder to be given as ISOTHERM_GHCNH. */
  folder: string;
  isReal: boolean;
  station: Station;
  firstYear: number;
  lastYear: number;
  /** Path of the file of a year. */
  fileOf(year: number): string;
}

/** Five years of Nashville from the archive, or, where there is none, so many years of Atlanta, simulated. */
export async function openObservations({ simulatedYears = 5 } = {}): Promise<Observations> {
  const archive = process.env.ISOTHERM_ARCHIVE;
  const [station] = (await resolveStations(await loadConfig(), [archive ? "USW00013897" : "USW00013874"])) as [Station];
  const years = { firstYear: archive ? 2016 : 2021 - simulatedYears, lastYear: 2020 };
  const folder = archive ?? (await simulatedFolder(station, years));
  const fileOf = (year: number) => join(folder, "hourly", `${ghcnh.file(station, year)}${archive ? ".gz" : ""}`);
  return { folder, isReal: archive !== undefined, station, ...years, fileOf };
}

async function simulatedFolder(station: Station, { firstYear, lastYear }: { firstYear: number; lastYear: number }) {
  const folder = mkdtempSync(join(tmpdir(), "isotherm-bench-"));
  for (let year = firstYear; year <= lastYear; year++) {
    const path = join(folder, "hourly", ghcnh.file(station, year)!);
    mkdirSync(dirname(path), { recursive: true });
    let text = "";
    for await (const line of simulatedLines(station, year, { from: 0, through: Date.UTC(year + 1, 0) }))
      text += `${line}\n`;
    writeFileSync(path, text);
  }
  return folder;
}
