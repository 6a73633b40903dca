import pLimit from "p-limit";
import type { Config } from "../../shared/config.js";
import { groupBy } from "../../shared/groupBy.js";
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
import { fetchNbm } from "./fetchNbm.js";
import { fetchNws } from "./fetchNws.js";
import { fetchOfficialForecasts } from "./fetchOfficialForecasts.js";
import { type FetchFailure, type FetchOptions, type FetchRun, type FetchSummary, withFetchRun } from "./fetchRun.js";
import { fetchYear } from "./fetchYear.js";
import { type Year, yearsBetween } from "./yearCoverage.js";

/** No observations are stored, apart from simulated ones, and no server answered. */
export class UnreachableError extends Error {}

/** Files requested at a time. */
const concurrency = 4;

/**
 * Brings `hours` up to date for these stations: first from the yearly files, then from the live services, then the
 * guidance. Requests only what can have changed, validates it, and stores each file or reply in one
 * transaction. ISD is used only for years that GHCNh lacks, NWS only for hours that AWC lacks. Failures are recorded and
 * the rest goes on; an unusable address is a warning.
 * Throws if no address is usable, or if no observations are stored and none came: `UnreachableError` if no server
 * answered.
 * @param network stations whose newest reports are requested together with those of the others
 */
export async function fetchStations(
  store: Store,
  config: Config,
  stations: readonly Station[],
  { network = [], ...options }: FetchOptions & { network?: readonly Station[] | undefined },
): Promise<FetchSummary & { networkFailures: FetchFailure[] }> {
  const { sources, problems } = readableSources(config);
  const unreadable = Object.values(problems).flat();
  if (Object.values(sources).every((bases) => bases.length === 0)) {
    throw new Error(`no source can be read: ${unreadable.join("; ")}; ${addressRemedy}`);
  }
  for (const problem of unreadable) options.report.warn(`${problem}; ${addressRemedy}`);
  const wasSimulated = await isSimulated(store);
  const run = await withFetchRun(store, { ...config, sources }, options, async (run) => {
    await fetchYears(run, stations, [ghcnh, isd]);
    // The files take minutes, and more is observed meanwhile.
    run.now = options.clock.now();
    await fetchAwc(run, [...stations, ...network]);
    await fetchNws(run, stations);
    await fetchOfficialForecasts(run, stations);
    run.now = options.clock.now();
    await fetchNbm(run, stations);
    await placeStations(store, stations);
    return run;
  });
  if (wasSimulated && !(await isSimulated(store))) removeSnapshotFiles(config.home);
  const networkFailures = takeFailuresOf(network, stations, run);
  for (const line of absenceLines(run.absences)) options.report.info(line);
  for (const line of failureLines(run.summary.failures)) options.report.warn(line);
  await throwIfNothing(run, stations);
  return { ...run.summary, networkFailures };
}

/**
 * Brings the observations of the network up to date, from the yearly files of GHCNh and the Aviation Weather Center.
 * @param asked stations whose newest reports are known from `fetchStations`
 */
export async function fetchNetwork(
  store: Store,
  config: Config,
  network: readonly Station[],
  { asked, ...options }: FetchOptions & { asked: readonly Station[] },
): Promise<FetchSummary> {
  const { sources } = readableSources(config);
  const known = new Set(asked.map(({ stationId }) => stationId));
  return withFetchRun(store, { ...config, sources }, options, async (run) => {
    await fetchYears(run, network, [ghcnh], "fetch network");
    run.now = options.clock.now();
    await fetchAwc(
      run,
      network.filter(({ stationId }) => !known.has(stationId)),
    );
    await placeStations(store, network);
    return run.summary;
  });
}

/**
 * Takes the failures of the network out of those of a run: the ones of its stations, and requests for several stations if
 * they were not for the others.
 */
function takeFailuresOf(
  network: readonly Station[],
  stations: readonly Station[],
  { summary, savedBy, absences }: FetchRun,
): FetchFailure[] {
  const ids = new Set(network.map(({ stationId }) => stationId));
  const names = new Set(network.map(({ icao, stationId }) => icao ?? stationId));
  const isOthers = stations.some(({ icao, stationId }) => icao !== null && !savedBy.has(`awc ${stationId}`));
  const isOfNetwork = ({ stationId, source }: FetchFailure) =>
    stationId === null ? source === "awc" && !isOthers : ids.has(stationId);
  const taken = summary.failures.filter(isOfNetwork);
  summary.failures = summary.failures.filter((failure) => !isOfNetwork(failure));
  absences.splice(0, absences.length, ...absences.filter(({ station }) => !names.has(station)));
  return taken;
}

async function fetchYears(
  run: FetchRun,
  stations: readonly Station[],
  sources: readonly Year["source"][],
  name = "fetch",
): Promise<void> {
  const years = stations.flatMap((station) =>
    yearsBetween(run.trainingStartOf(station.stationId), run.now).map((year) => ({ station, year })),
  );
  const task = run.report.task(name, years.length, "station years");
  const limit = pLimit(concurrency);
  try {
    // Wait for all before throwing the first error: none may use a store that is being closed.
    const works = years.map(({ station, year }) =>
      limit(async () => {
        for (const source of sources) if ((await fetchYear(run, source, station, year)) === "known") break;
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
