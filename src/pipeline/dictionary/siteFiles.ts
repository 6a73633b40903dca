import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Dictionary } from "../../shared/published/dictionary.js";
import { Network } from "../../shared/published/network.js";
import { StationForecast } from "../../shared/published/stationForecast.js";
import { StationSummary } from "../../shared/published/stationSummary.js";
import { Status } from "../../shared/published/status.js";

/** Schemas of the API's files, by the name of their JSON Schema under `api/schema/`. */
export const apiSchemas = {
  dictionary: Dictionary,
  forecast: StationForecast,
  network: Network,
  stations: z.array(StationSummary),
  status: Status,
} as const;

/** A kind of file with a stable address in a built site, other than pages and tables. */
interface SiteFile {
  /** `<key>` stands for a station, `<period>` and the like for one of several. */
  address: string;
  holds: string;
  /** Name of its schema under `api/schema/`. */
  schema?: keyof typeof apiSchemas;
}

/** In the order of the Explore page; a name that fits several belongs to the first. */
export const siteFiles: readonly SiteFile[] = [
  {
    address: "api/stations.json",
    holds: "All stations: newest observation, next low and high, errors, skill against guidance, age.",
    schema: "stations",
  },
  { address: "status.json", holds: "How new the data are, and which build is online.", schema: "status" },
  { address: "feed.json", holds: "JSON Feed of the drift alarms, of each week's scorecards and of last night's lows." },
  {
    address: "api/dictionary.json",
    holds: "This data dictionary: tables, columns, files.",
    schema: "dictionary",
  },
  {
    address: "api/network.json",
    holds: "The stations of the network that models learn from, if there is one, and its files.",
    schema: "network",
  },
  {
    address: "api/network/<year>.parquet",
    holds:
      "The hours of the network as they were known when they were first used: validTime, stationId, temperatureC, dewPointC, seaLevelPressureHpa.",
  },
  { address: "api/prior.bin", holds: "What models started with, if any: `isotherm prior` makes such files." },
  { address: "api/map.json", holds: "A map of the stations." },
  { address: "api/anomalies.json", holds: "How unusual the weather is now at each station of the network." },
  { address: "api/evaluation.json", holds: "Errors of all stations over all scored months." },
  {
    address: "api/evaluation/<period>.json",
    holds: "The same since spin-up, for the last twelve months or a year, without each model's spin-up.",
  },
  { address: "api/health.json", holds: "Whether the data can be trusted: stations, sources, checks and runs." },
  { address: "api/ledger.json", holds: "The newest entries of the ledger, and its files." },
  { address: "api/ledger/<day>.parquet", holds: "The ledger entries of one day, with the values first seen." },
  { address: "api/schema/<name>.json", holds: "JSON Schemas of the API files." },
  {
    address: "api/<key>.json",
    holds: "A station's newest forecast with quantiles, lows, highs and odds, and the observations before it.",
    schema: "forecast",
  },
  { address: "api/<key>.csv", holds: "The hours of the same forecast as CSV." },
  {
    address: "api/<key>/extremes.csv",
    holds: "Its lows and highs with the odds of frost and heat as CSV; columns as in the JSON.",
  },
  { address: "api/<key>/hours.parquet", holds: "Every hour with an observation; columns as in `hours`." },
  {
    address: "api/<key>/issues.parquet",
    holds: "Forecasts of the last ten days; columns as in `forecasts`.",
  },
  {
    address: "api/<key>/extremes.parquet",
    holds: "Forecasts of lows and highs of the last ten days; columns as in `extremes`.",
  },
  {
    address: "api/<key>/evenings.parquet",
    holds:
      "Each evening's forecast of the low of the night and the high of the next day, and what came; columns as in `evenings`.",
  },
  {
    address: "api/<key>/learnedHours.parquet",
    holds: "The hours that the model learned; columns as in `learnedHours`.",
  },
  {
    address: "api/<key>/learnedGuidance.parquet",
    holds: "The guidance that the model has used, if any; columns as in `learnedGuidance`.",
  },
  {
    address: "api/<key>/guidance.parquet",
    holds: "The guidance that the forecasts in issues.parquet knew, if any; columns as in `learnedGuidance`.",
  },
  {
    address: "api/<key>/health.json",
    holds: "A station's observations, their sources, failed checks, corrections and forecasts.",
  },
  { address: "api/<key>/evaluation.json", holds: "A station's errors over all scored months." },
  {
    address: "api/<key>/evaluation/<period>.json",
    holds: "The same since spin-up, for the last twelve months or a year, without the model's spin-up.",
  },
  {
    address: "api/<key>/ewmae.parquet",
    holds: "EWMAE at every hour of the last 60 days; columns as in `ewmaeHours`.",
  },
  {
    address: "api/<key>/ewmaeHistory.parquet",
    holds: "EWMAE of the published model since the start of training; columns as in `ewmae`.",
  },
  { address: "api/<key>/model.json", holds: "A station's settings, snapshots, drift alarms and expert weights." },
  { address: "api/<key>/explanation.json", holds: "The parts of the newest forecast." },
  {
    address: "api/<key>/weights/<snapshot>.json",
    holds:
      "The regression's weights at a snapshot with a kept state; of the network's features those of the fields at each point.",
  },
  { address: "embed/<key>.svg", holds: "A station's forecast as a drawing for other websites." },
  { address: "preview/<key>.png", holds: "The same as an image for link previews." },
];

/** The number of files of a kind, their total size, and one address. */
export interface FileSizes {
  count: number;
  bytes: number;
  example: string;
}

/** The files of a built site by the address of their kind. */
export async function siteFileSizes(dir: string): Promise<Map<string, FileSizes>> {
  const kinds = siteFiles.map(({ address }) => ({ address, pattern: patternOf(address) }));
  const sizes = new Map<string, FileSizes>();
  for (const name of (await readdir(dir, { recursive: true })).sort()) {
    const path = name.replaceAll("\\", "/");
    const kind = kinds.find(({ pattern }) => pattern.test(path));
    if (!kind) continue;
    const { size } = await stat(join(dir, name));
    const { count, bytes, example } = sizes.get(kind.address) ?? { count: 0, bytes: 0, example: path };
    sizes.set(kind.address, { count: count + 1, bytes: bytes + size, example });
  }
  return sizes;
}

function patternOf(address: string): RegExp {
  return new RegExp(`^${address.replaceAll(".", "\\.").replaceAll(/<\w+>/g, "[^/]+")}$`);
}
