import pLimit from "p-limit";
import type { Config } from "../../shared/config.js";
import { groupBy } from "../../shared/groupBy.js";
import { minuteMs } from "../../shared/time.js";
import { openHttp } from "../http/http.js";
import { addressRemedy, readableSources } from "../http/readableSources.js";
import { ghcnh } from "../sources/ghcnh.js";
import { isd } from "../sources/isd.js";
import type { Station } from "../sources/source.js";
import { stationsWithoutPlace } from "../stations/hiddenStations.js";
import { upsertStation } from "../stations/upsertStation.js";
import { isSimulated, removeSnapshotFiles } from "../store/purgeSimulated.js";
import type { Store } from "../store/store.js";
import { absenceLines } from "./absence.js";
import { fetchAwc } from "./fetchAwc.js";
import { fetchNws } from "./fetchNws.js";
import { fetchOfficialForecasts } from "./fetchOfficialForecasts.js";
import type { FetchFailure, FetchOptions, FetchRun, FetchSummary } from "./fetchRun.js";
import { recordSaved } from "./fetchRun.js";
import { fetchYear } from "./fetchYear.js";
import { yearsBetween } from "./yearCoverage.js";

/** No observations are stored, apart from simulated ones, and no server answered. */
export class UnreachableError extends Error {}

/** Files requested at a time. */
const concurrency = 4;

/**
 * Brings `hours` up to date for these stations: first from the yearly files, then from the live services, then the
 * official forecasts. Requests only what can have changed, validates it, and stores each file or reply in one
 * transaction. ISD is used only for years that GHCNh lacks, NWS only for hours that AWC lacks. Failures are recorded and
 * the rest goes on; an unusable address is a warning.
 * Throws if no address is usable, or if no observations are stored and none came: `UnreachableError` if no server
 * answered.
 */
export async function fetchStations(
  store: Store,
  config: Config,
  stations: readonly Station[],
  { genesis, ...options }: FetchOptions,
): Promise<FetchSummary> {
  const now = options.clock.now();
  const summary = {
    files: 0,
    reports: 0,
    values: 0,
    failedChecks: 0,
    requested: 0,
    saved: 0,
    answered: { files: 0, live: 0 },
    failures: [],
  };
  const { sources, problems } = readableSources(config);
  const unreadable = Object.values(problems).flat();
  if (Object.values(sources).every((bases) => bases.length === 0)) {
    throw new Error(`no source can be read: ${unreadable.join("; ")}; ${addressRemedy}`);
  }
  for (const problem of unreadable) options.report.warn(`${problem}; ${addressRemedy}`);
  const client = openHttp({ contact: config.contact, budgetMs: config.requestMinutes * minuteMs, ...options.http });
  const trainingStartOf = typeof genesis === "number" ? () => genesis : genesis;
  const run: FetchRun = {
    ...options,
    store,
    config: { ...config, sources },
    client,
    trainingStartOf,
    readOne: pLimit(1),
    savedBy: new Map(),
    skewedHosts: new Set<string>(),
    absences: [],
    now,
    summary,
  };
  const wasSimulated = await isSimulated(store);
  try {
    await fetchYears(run, stations);
    // The files take minutes, and more is observed meanwhile.
    run.now = options.clock.now();
    await fetchAwc(run, stations);
    await fetchNws(run, stations);
    await fetchOfficialForecasts(run, stations);
    await placeStations(store, stations);
    await recordSaved(run);
  } finally {
    await client.close();
  }
  if (wasSimulated && !(await isSimulated(store))) removeSnapshotFiles(config.home);
  for (const line of absenceLines(run.absences)) options.report.info(line);
  for (const line of failureLines(run.summary.failures)) options.report.warn(line);
  await throwIfNothing(run, stations);
  return summary;
}

async function fetchYears(run: FetchRun, stations: readonly Station[]): Promise<void> {
  const years = stations.flatMap((station) =>
    yearsBetween(run.trainingStartOf(station.stationId), run.now).map((year) => ({ station, year })),
  );
  const task = run.report.task("fetch", years.length, "station years");
  const limit = pLimit(concurrency);
  try {
    // Wait for all before throwing the first error: none may use a store that is being closed.
    const works = years.map(({ station, year }) =>
      limit(async () => {
        const outcome = await fetchYear(run, ghcnh, station, year);
        if (outcome !== "known") await fetchYear(run, isd, station, year);
        task.advance();
      }),
    );
    await Promise.allSettled(works);
    await Promise.all(works);
  } finally {
    task.end();
  }
}

/** Stations whose files have no coordinates get those of the configuration or the station list. */
async function placeStations(store: Store, stations: readonly Station[]): Promise<void> {
  const ids = new Set(await stationsWithoutPlace(store));
  for (const station of stations) if (ids.has(station.stationId)) await upsertStation(store, station, null);
}

async function throwIfNothing({ store, summary }: FetchRun, stations: readonly Station[]): Promise<void> {
  if (summary.reports > 0) return;
  const [known] = await store.all("SELECT 1 FROM hours LIMIT 1");
  if (known && !(await isSimulated(store))) return;
  const { failures } = summary;
  if (failures.length > 0 && failures.every((failure) => failure.unreachable)) {
    throw new UnreachableError(`NOAA could not be reached: ${failures[0]!.message}`);
  }
  const reason = failures.find((failure) => !failure.unreachable)?.message ?? "no source has a file";
  const names = stations.map((station) => station.icao ?? station.stationId).join(", ");
  throw new Error(`no observations of ${names}: ${reason}`);
}

type ShownFailure = Pick<FetchFailure, "url" | "message" | "unreachable">;

/**
 * Warnings about failed requests: a line for each host that did not answer and for each other reason, with the number of
 * requests.
 */
export function failureLines(failures: readonly ShownFailure[]): string[] {
  // Requests to a host that does not answer fail for one reason; other failures are grouped by reason.
  const groups = groupBy(failures, (failure) =>
    failure.unreachable ? hostOf(failure) : `${hostOf(failure)} ${reasonOf(failure)}`,
  );
  return [...groups.values()].map((group) => {
    // The message of a request that was sent says more than that of one that was skipped.
    const failure = group.find((candidate) => reasonOf(candidate) !== candidate.message) ?? group[0]!;
    const host = hostOf(failure);
    return group.length === 1 || host === ""
      ? failure.message
      : `${host}: ${reasonOf(failure)} (${group.length} requests)`;
  });
}

function hostOf({ url }: ShownFailure): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

/** The message without the address before it. */
function reasonOf({ url, message }: ShownFailure): string {
  return message.startsWith(`${url}: `) ? message.slice(url.length + 2) : message;
}
