import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { apiSchemas } from "./apiSchemas.js";

/** Files of stable address that a built site holds beside its pages and tables. */
interface SiteFile {
  /** `<key>` is a station's, `<period>` and the like are one of several. */
  address: string;
  holds: string;
  /** Its schema under `api/schema/`. */
  schema?: keyof typeof apiSchemas;
}

/** In the order in which a reader may want them; a name that fits several is the first's. */
export const siteFiles: readonly SiteFile[] = [
  {
    address: "api/stations.json",
    holds: "All stations: what is now, the next low and high, errors, age.",
    schema: "stations",
  },
  { address: "status.json", holds: "How new the data are, and which build is served.", schema: "status" },
  { address: "feed.json", holds: "JSON Feed of the alarms." },
  {
    address: "api/dictionary.json",
    holds: "This data dictionary: tables, columns, files.",
    schema: "dictionary",
  },
  { address: "api/map.json", holds: "Where the stations are, drawn." },
  { address: "api/evaluation.json", holds: "Errors of all stations side by side, over everything scored." },
  { address: "api/evaluation/<period>.json", holds: "The same of the last twelve months, or of a year." },
  { address: "api/health.json", holds: "Whether the data can be trusted: stations, sources, checks and runs." },
  { address: "api/ledger.json", holds: "How far the ledger goes, and its files." },
  { address: "api/ledger/<day>.parquet", holds: "The ledger of a day of runs, with the values first seen." },
  { address: "api/schema/<name>.json", holds: "JSON Schemas of the files that have one." },
  {
    address: "api/<key>.json",
    holds: "A station's newest forecast with its quantiles, and the hours observed before.",
    schema: "forecast",
  },
  { address: "api/<key>.csv", holds: "The same forecast as CSV." },
  { address: "api/<key>/hours.parquet", holds: "Every hour observed; columns as in `hours`." },
  {
    address: "api/<key>/issues.parquet",
    holds: "The forecasts issued in the last ten days, and the official ones; columns as in `forecasts`.",
  },
  {
    address: "api/<key>/learnedHours.parquet",
    holds: "The hours as the model took them in; columns as in `learnedHours`.",
  },
  {
    address: "api/<key>/learnedOfficial.parquet",
    holds: "The official forecasts that the model has seen, where there are any; columns as in `learnedOfficial`.",
  },
  {
    address: "api/<key>/health.json",
    holds: "What was observed at a station, from where, what was wrong with it and what was made of it.",
  },
  { address: "api/<key>/evaluation.json", holds: "A station's errors, over everything scored." },
  { address: "api/<key>/evaluation/<period>.json", holds: "The same of the last twelve months, or of a year." },
  {
    address: "api/<key>/ewmae.parquet",
    holds: "EWMAE at every hour of the last 60 days; columns as in `ewmaeHours`.",
  },
  { address: "api/<key>/model.json", holds: "A station's chain of snapshots, alarms and weights of the experts." },
  { address: "api/<key>/explanation.json", holds: "What the newest forecast is made of." },
  { address: "api/<key>/weights/<snapshot>.json", holds: "The regression's weights at a snapshot that is kept." },
  { address: "embed/<key>.svg", holds: "A station's forecast as a drawing for other pages." },
  { address: "preview/<key>.png", holds: "The same as a picture, for links to the station's page." },
];

/** How many files of one kind there are, their size in all, and one of them. */
export interface FileSizes {
  count: number;
  bytes: number;
  example: string;
}

/** Looks up the files of a built site; by the address of their kind. */
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
