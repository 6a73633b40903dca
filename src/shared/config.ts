import { resolve } from "node:path";
import { z } from "zod";
import { defaultOptions } from "../model/experts/modelOptions.js";
import { coldestAirC, maxLeadHours, warmestAirC } from "../model/vocabulary.js";
import { parseTime } from "./clock.js";
import { cleanName, hasScheme, isIcao, isStationId } from "./identifiers.js";
import { knownStations } from "./knownStations.js";

const OptionalBases = z
  .array(z.string().trim().min(1).describe("URL, or a local folder laid out like its tree"))
  .transform((bases) => bases.map(normaliseBase));
const Bases = OptionalBases.refine((bases) => bases.length > 0, "expected at least one URL or folder");

const knownCodes = new Map<string, string>(knownStations.map(([id, icao]) => [id, icao]));

const StationConfig = z
  .strictObject({
    id: z.string().refine(isStationId, "expected a GHCNh id of 11 characters, such as USW00013874"),
    icao: z.string().refine(isIcao, "expected an ICAO code of 4 characters, such as KATL").optional(),
    name: z.string().transform(cleanName).pipe(z.string().min(1)).optional(),
    latitude: z
      .number()
      .min(-90)
      .max(90)
      .optional()
      .describe("degrees north; for a station without usable coordinates at NOAA"),
    longitude: z.number().min(-180).max(180).optional().describe("degrees east"),
    heatC: z
      .number()
      .min(coldestAirC)
      .max(warmestAirC)
      .optional()
      .describe(
        "threshold of heat, °C: odds are given of days with a high of at least this; by default the 95 % quantile of the " +
          "station's highs, once 300 are known. A change trains the station again from the training start",
      ),
  })
  .superRefine(({ id, icao, latitude, longitude }, context) => {
    const known = knownCodes.get(id);
    if (icao && known && icao !== known) {
      const message = `${id} is ${known}, not ${icao}: correct the id or the code`;
      context.addIssue({ code: "custom", path: ["icao"], message });
    }
    if ((latitude === undefined) !== (longitude === undefined)) {
      context.addIssue({ code: "custom", path: ["latitude"], message: "expected latitude and longitude, or neither" });
    }
  });
export type StationConfig = z.infer<typeof StationConfig>;

const Stations = z
  .array(StationConfig)
  .refine((stations) => new Set(stations.map((s) => s.id)).size === stations.length, "each station only once");

const Network = z.union(
  [
    z.null(),
    Stations,
    z.strictObject({
      within: z.number().positive().describe("largest distance from a configured station, km"),
      max: z.number().int().min(1).describe("how many stations, the configured ones not counted"),
    }),
  ],
  { error: "expected null, a list of stations, or { within: km, max: number of stations }" },
);

const Config = z.strictObject({
  home: z
    .string()
    .min(1)
    .refine((folder) => !hasScheme(folder), "expected a folder of this machine")
    .default(".isotherm")
    .transform((folder) => resolve(folder))
    .describe("the folder that holds all state"),
  stations: Stations.min(1),
  network: Network.default(null).describe(
    "stations that only lend their observations to the configured ones: a list; or the stations that add most, chosen " +
      "once from NOAA's list; null for no network",
  ),
  prior: z
    .union([z.literal("shipped"), z.string().min(1), z.null()])
    .default(null)
    .describe(
      "what a station in the network starts with: shipped for the weights that come with isotherm, a file that " +
        "`isotherm prior` wrote, or null to start without. A station starts without it if the prior knows the station, " +
        "or hours after its training start",
    ),
  genesis: z
    .string()
    .refine(isTime, "expected an ISO 8601 time, such as 2024-01-01")
    .nullable()
    .default(null)
    .describe("training start: the first hour of history to train on; null for 1 January of last year"),
  maxLeadHours: z.number().int().min(1).max(maxLeadHours).default(maxLeadHours),
  model: z
    .strictObject({
      delta: z
        .number()
        .positive()
        .default(defaultOptions.delta)
        .describe("prior variance of the weights of rls and rlsTanh"),
      hourlyDelta: z
        .number()
        .positive()
        .default(defaultOptions.hourlyDelta)
        .describe("prior variance of the weights of hourlyRls"),
      huber: z
        .number()
        .positive()
        .default(defaultOptions.huber)
        .describe("errors are clipped at this many mean absolute errors"),
    })
    .prefault({})
    .describe("a change trains the stations again from the training start"),
  watermarkHours: z
    .number()
    .min(0)
    .max(48)
    .default(3)
    .describe(
      "late-report window: for this many hours the live services are asked again for an hour's report. Once a later " +
        "report has come, the model treats the hour as missing after 65 minutes, or after this window if it is shorter, " +
        "or at once if the station does not usually report at that hour of the day",
    ),
  requestMinutes: z.number().positive().default(20).describe("the longest time that a run spends on requests"),
  trainMinutes: z
    .number()
    .positive()
    .default(20)
    .describe(
      "the longest time that a run spends on learning long histories, as on the first run and after an upgrade; " +
        "stations that are not finished go on in the next run",
    ),
  backfillDays: z
    .number()
    .int()
    .min(0)
    .max(365)
    .default(0)
    .describe(
      "past days of the National Blend of Models that are read once for a new station; `start` shows a forecast before",
    ),
  contact: z.string().min(1).nullable().default(null).describe("sent in the User-Agent, so that NOAA can reach you"),
  sources: z.strictObject({ ghcnh: Bases, isd: Bases, awc: Bases, nws: Bases, nbm: OptionalBases.default([]) }),
});
export type ConfigInput = z.input<typeof Config>;
export type SourceName = keyof z.infer<typeof Config>["sources"];
export type Config = z.infer<typeof Config> & {
  /** Where the addresses of each source were set: an environment variable or a key of the file. */
  settings: Record<SourceName, string>;
};

/** Environment variables that override the addresses of a source. */
const baseVariables = {
  ISOTHERM_GHCNH: "ghcnh",
  ISOTHERM_ISD: "isd",
  ISOTHERM_AWC: "awc",
  ISOTHERM_NWS: "nws",
  ISOTHERM_NBM: "nbm",
} as const satisfies Record<string, SourceName>;

export type Environment = Record<string, string | undefined>;

/** Checks a configuration and applies the environment to it. Throws one readable error that lists all mistakes. */
export function parseConfig(input: unknown, env: Environment = {}): Config {
  const checked = Config.safeParse(input);
  if (!checked.success) throw new Error(`isotherm.config.ts is not valid\n${z.prettifyError(checked.error)}`);
  const config = checked.data;
  const sources = { ...config.sources };
  const settings = { ghcnh: "", isd: "", awc: "", nws: "", nbm: "" };
  for (const [variable, source] of Object.entries(baseVariables)) {
    const base = env[variable]?.trim();
    if (base) sources[source] = [normaliseBase(base)];
    settings[source] = base ? variable : `sources.${source} in isotherm.config.ts`;
  }
  const given = env.ISOTHERM_HOME?.trim();
  if (given && hasScheme(given)) throw new Error(`ISOTHERM_HOME: ${given} is not a folder of this machine`);
  const home = given ? resolve(given) : config.home;
  // DuckDB reads what follows a ? as options and would write elsewhere.
  if (home.includes("?")) throw new Error(`the store can't be in ${home}: choose a folder without ? in its path`);
  const contact = env.ISOTHERM_CONTACT?.trim() || config.contact;
  return { ...config, sources, settings, contact, home };
}

/** Makes a URL end with a slash and a folder absolute; addresses of other kinds stay as they are. */
function normaliseBase(base: string): string {
  if (isUrl(base)) return base.endsWith("/") ? base : `${base}/`;
  return hasScheme(base) ? base : resolve(base);
}

/** Whether a base is served over HTTP rather than a local folder. */
export function isUrl(base: string): boolean {
  return /^https?:\/\//i.test(base);
}

/** Whether a base is one of NOAA's live services, which only have current data; a mirror or a folder may hold any time. */
export function isPresentOnly(base: string): boolean {
  return isUrl(base) && /(^|\.)(aviationweather|weather)\.gov$/i.test(new URL(base).hostname);
}

function isTime(text: string): boolean {
  try {
    parseTime(text);
    return true;
  } catch {
    return false;
  }
}
