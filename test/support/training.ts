import type { Store } from "../../src/data/store/store.js";
import { type ExpertName, quantities } from "../../src/model/vocabulary.js";
import { recordLedger } from "../../src/pipeline/ledger/recordLedger.js";
import { trainStations } from "../../src/pipeline/train/train.js";
import { type Config, parseConfig } from "../../src/shared/config.js";
import { hourMs } from "../../src/shared/time.js";
import { weather, withGaps } from "../model/support/series.js";

/** Where synthetic histories begin: late enough in a month that two weeks see the next one. */
export const genesis = Date.UTC(2020, 0, 25);

/** Epoch milliseconds of the hour so many hours after genesis. */
export const at = (hour: number) => genesis + hour * hourMs;

/** Experts without the large regressions, which take most of the time. */
export const fastExperts = [
  "persistence",
  "seasonalNaive",
  "climatology",
  "blend",
  "sgd",
  "nws",
  "nwsCorrected",
] as const;

/** @param experts defaults to all */
export function configOf(home: string, experts?: readonly ExpertName[]): Config {
  const bases = ["nowhere"];
  const config = parseConfig({
    home,
    genesis: new Date(genesis).toISOString(),
    stations: [{ id: "USW00000001" }],
    // What is stored is all there is.
    watermarkHours: 0,
    sources: { ghcnh: bases, isd: bases, awc: bases, nws: bases },
  });
  return { ...config, model: { ...config.model, ...(experts && { experts }) } };
}

/** Weather-like hours with gaps, but for the first and the last. */
export function history(hours: number, seed: number): Float64Array[] {
  const rows = weather(hours, seed);
  return withGaps(rows, seed + 7).map((row, i) => (i === 0 || i === hours - 1 ? rows[i]! : row));
}

/** Stores hours as if observed, one after another from `from` hours after genesis on. */
export async function storeHours(store: Store, stationId: string, rows: readonly ArrayLike<number>[], from = 0) {
  const entry = await nextEntry(store, stationId);
  const cells = rows.flatMap((row, i) =>
    quantities.flatMap((quantity, k) => {
      const [time, value] = [at(from + i), row[k]!];
      if (Number.isNaN(value)) return [];
      return [[stationId, time, quantity, value, "ghcnh", time, value, "ghcnh", time, "FM15", entry]];
    }),
  );
  const columns = ["stationId", "validTime", "variable", "firstValue", "firstSource", "firstSeenTime", "value"];
  await store.append("hours", [...columns, "source", "reportTime", "reportType", "entry"], cells);
}

export interface GuidanceOptions {
  /** Defaults to nws. */
  source?: string;
  /** Whether it comes from an archive. */
  imported?: boolean;
}

/** Stores a run of guidance with so many leads, public so many hours after genesis; for some leads without a dew point. */
export async function storeGuidance(
  store: Store,
  stationId: string,
  hour: number,
  leads: number,
  celsius: (lead: number) => number,
  { source = "nws", imported = false }: GuidanceOptions = {},
): Promise<void> {
  const entry = await nextEntry(store, stationId);
  await store.append(
    "guidanceRuns",
    ["source", "stationId", "issuedTime", "runTime", "publicTime", "imported", "entry"],
    [[source, stationId, at(hour), at(hour), at(hour), imported, entry]],
  );
  await store.append(
    "guidance",
    ["source", "stationId", "issuedTime", "leadHours", "temperatureC", "dewPointC"],
    Array.from({ length: leads }, (_, i) => {
      const temperatureC = celsius(i + 1);
      return [source, stationId, at(hour), i + 1, temperatureC, i % 11 === 5 ? null : temperatureC - 3];
    }),
  );
}

/** Of the station's ledger, that is to tell of what is seen now. */
async function nextEntry(store: Store, stationId: string): Promise<number> {
  const [ledger] = await store.all<{ next: number }>(
    "SELECT coalesce(max(entry), 0) + 1 AS next FROM ledger WHERE stationId = $stationId",
    { stationId },
  );
  return ledger!.next;
}

/** Trains as a run would whose clock shows so many hours after genesis. */
export async function trainTo(
  store: Store,
  home: string,
  stationIds: readonly string[],
  hour: number,
  {
    experts,
    members,
    ...options
  }: {
    from?: number;
    workers?: number;
    relearn?: ReadonlySet<string>;
    experts?: readonly ExpertName[];
    /** Stations of a network; defaults to no network. */
    members?: readonly string[];
  } = {},
) {
  const clock = { now: () => at(hour), replaying: true };
  const config = { ...configOf(home, experts), network: members ? [] : null };
  const { stations } = await trainStations(store, config, stationIds, { ...options, members, clock });
  await recordLedger(store, { runId: "a run", time: at(hour) });
  return stations;
}

const learnedTables = [
  ...[
    "issues",
    "forecasts",
    "scores",
    "scoresByHour",
    "calibration",
    "calibrationByHour",
    "dailyLosses",
    "worstMisses",
    "ewmae",
    "ewmaeHours",
    "expertWeights",
    "alarms",
  ],
];

export interface Learned {
  /** Of each table, how many rows and a digest of them, whatever their order. */
  tables: Record<string, { rows: number; digest: string | null }>;
  /** Snapshot ids by the last hour consumed; those whose state is kept are marked with a star. */
  snapshots: Record<string, string>;
}

/** All that training left in the store of a station, but for when it was made. */
export async function learned(store: Store, stationId: string): Promise<Learned> {
  const tables: Learned["tables"] = {};
  for (const table of learnedTables) {
    const [row] = await store.all<{ rows: number; digest: string | null }>(
      `SELECT count(*) AS rows, sum(hash(t))::VARCHAR AS digest
       FROM (SELECT COLUMNS(c -> c <> 'madeTime') FROM ${table} WHERE stationId = $stationId) t`,
      { stationId },
    );
    tables[table] = row!;
  }
  const rows = await store.all<{ time: string; id: string }>(
    `SELECT throughTime::VARCHAR AS time, snapshotId || if(kept, '*', '') AS id FROM snapshots
     WHERE stationId = $stationId ORDER BY throughTime`,
    { stationId },
  );
  return { tables, snapshots: Object.fromEntries(rows.map(({ time, id }) => [time, id])) };
}

/** The snapshots of `one` at the hours at which `other` has one. */
export function atHoursOf(one: Learned, other: Learned): Learned["snapshots"] {
  return Object.fromEntries(Object.entries(one.snapshots).filter(([time]) => time in other.snapshots));
}
