import { existsSync } from "node:fs";
import { join } from "node:path";
import { parquetTable } from "../../data/store/sqlText.js";
import { type Store, timestamp } from "../../data/store/store.js";
import { publishedModel, quantileNames, variables } from "../../model/vocabulary.js";
import { publishHint } from "../../shared/published/readPublished.js";
import { hourMs } from "../../shared/time.js";
import { forecastColumns, forecastRows, tenth } from "../replay/forecastRows.js";
import type { ReplayResult } from "../replay/replay.js";
import { digestConfig, digestSnapshot, readKeptState } from "../train/snapshotFile.js";
import type { StationModel } from "../train/stationModel.js";

/** Kinds of differences between the record and its replay, from cause to consequence. */
export const differenceKinds = ["configuration", "hour", "snapshot", "issue", "forecast", "published"] as const;

/** A recorded thing that the replay does not reproduce; `hour` counts from 1970. */
export interface Difference {
  hour: number;
  what: (typeof differenceKinds)[number];
  message: string;
}

/** A row of table `snapshots`. */
export interface SnapshotRow {
  throughHour: number;
  snapshotId: string;
  parentId: string | null;
  genesisTime: number;
  hoursConsumed: number;
  hoursDigest: string;
  configDigest: string;
  stateBytes: number;
  kept: boolean;
}

/** Consecutive hours of a station; an infinite `lastHour` compares everything recorded from `firstHour` on. */
export interface Stretch {
  stationId: string;
  firstHour: number;
  lastHour: number;
}

/** The earliest difference; at the same hour, the one that causes the others. */
export function firstDifference(differences: readonly Difference[]): Difference | null {
  const rank = ({ what }: Difference) => differenceKinds.indexOf(what);
  return [...differences].sort((a, b) => a.hour - b.hour || rank(a) - rank(b))[0] ?? null;
}

/** The difference when all snapshots were taken with another configuration, so that nothing can be replayed. */
export function configurationDifference(model: StationModel, chain: SnapshotRow[]): Difference | null {
  const expected = digestConfig(model, chain[0]!.genesisTime);
  if (chain.some(({ configDigest }) => configDigest === expected)) return null;
  const message = "options, training start or model version differ from the record: the next training starts over";
  return { hour: chain[0]!.throughHour, what: "configuration", message };
}

/** The difference between a kept state and its id. */
export function stateDifference(home: string, stationId: string, row: SnapshotRow): Difference | null {
  try {
    readKeptState(home, stationId, row);
    return null;
  } catch (error) {
    return { hour: row.throughHour, what: "snapshot", message: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The first differing snapshot of a stretch. When the hours consumed differ, the change is after the previous snapshot,
 * and most likely at `issueHour` if a forecast differs there first.
 */
export function snapshotDifference(
  rows: readonly SnapshotRow[],
  parent: SnapshotRow | undefined,
  { snapshots }: Pick<ReplayResult, "snapshots">,
  model: StationModel,
  { firstHour, issueHour }: { firstHour: number; issueHour: number | undefined },
): Difference | null {
  for (const [i, row] of rows.entries()) {
    const before = rows[i - 1] ?? parent;
    const hour = row.throughHour;
    const replayed = snapshots[i]!;
    const genesisTime = (before ?? row).genesisTime;
    const configDigest = digestConfig(model, genesisTime);
    const snapshotId = digestSnapshot(configDigest, replayed.hoursDigest, replayed.stateDigest);
    if (snapshotId !== row.snapshotId && replayed.hoursDigest !== row.hoursDigest) {
      const first = rows[i - 1] ? rows[i - 1]!.throughHour + 1 : firstHour;
      const last = issueHour !== undefined && first <= issueHour && issueHour <= hour ? issueHour : hour;
      const span = first === last ? isoHour(first) : `${isoHour(first)} to ${isoHour(last)}`;
      const sign = last === issueHour ? ", and so does the forecast issued at the last of them" : "";
      return { hour: last, what: "hour", message: `hours consumed differ from ${span}${sign}` };
    }
    const expected = {
      snapshotId,
      parentId: before?.snapshotId ?? null,
      genesisTime,
      hoursConsumed: (before?.hoursConsumed ?? 0) + hour - (before?.throughHour ?? firstHour - 1),
      hoursDigest: replayed.hoursDigest,
      configDigest,
      stateBytes: replayed.stateBytes,
    };
    for (const [column, value] of Object.entries(expected)) {
      const recorded = row[column as keyof typeof expected];
      if (recorded === value) continue;
      return { hour, what: "snapshot", message: `${column} is recorded as ${recorded}, the replay gives ${value}` };
    }
  }
  return null;
}

/** Compares the digests of forecasts, and counts them. */
export async function compareIssues(
  store: Pick<Store, "all">,
  stretch: Stretch,
  { issues }: Pick<ReplayResult, "issues">,
): Promise<Compared> {
  const recorded = await recordedRows(store, "issues", ["issuedTime", "digest"], "", stretch);
  const replayed = issues.map(({ hour, digest }) => [hour * hourMs, digest]);
  return compareRows(recorded, replayed, { what: "issue", name: "digest of the forecast" });
}

/** Compares the forecasts still stored, and counts their rows. */
export async function compareForecasts(
  store: Pick<Store, "all">,
  stretch: Stretch,
  { forecasts }: Pick<ReplayResult, "forecasts">,
): Promise<Compared> {
  const order = `, list_position([${variables.map((variable) => `'${variable}'`).join(", ")}], variable), leadHours`;
  const recorded = await recordedRows(store, "forecasts", forecastColumns, order, stretch);
  return compareRows(recorded, forecastRows(forecasts), { what: "forecast", name: "forecast" });
}

/** Compares the stored evenings of the forecasts that the replay gives: of others, the inputs have been learned again since. */
export async function compareEvenings(
  store: Pick<Store, "all">,
  stretch: Stretch,
  { evenings }: Pick<ReplayResult, "evenings">,
): Promise<Difference | null> {
  const columns = ["issuedTime", "digest", "kind", ...quantileNames];
  const stored = await recordedRows(store, "evenings", columns, ", kind DESC", stretch);
  const digests = new Map(evenings.map(({ hour, digest }) => [hour * hourMs, digest]));
  const recorded = stored.filter(([time, digest]) => digests.get(time as number) === digest);
  const times = new Set(recorded.map(([time]) => time));
  const replayed = evenings
    .filter(({ hour }) => times.has(hour * hourMs))
    .flatMap(({ hour, digest, windows }) =>
      windows.map(({ kind, quantiles }) => [hour * hourMs, digest, kind, ...quantiles.map(tenth)]),
    );
  return compareRows(recorded, replayed, { what: "forecast", name: "evening's forecast" }).difference;
}

/** How many rows agree before the first difference. */
interface Compared {
  count: number;
  difference: Difference | null;
}

/** The cells of a row; the first is a time in epoch milliseconds. */
type Cells = readonly (string | number | null)[];

function compareRows(
  recorded: readonly Cells[],
  replayed: Iterable<Cells>,
  { what, name }: { what: Difference["what"]; name: string },
): Compared {
  const others = replayed[Symbol.iterator]();
  for (let count = 0; ; count++) {
    const one = recorded[count];
    const next = others.next();
    const other = next.done ? undefined : next.value;
    if (!one && !other) return { count, difference: null };
    if (one && other && one.every((cell, i) => Object.is(cell, other[i]))) continue;
    const time = Math.min(...[one, other].flatMap((row) => (row ? [row[0] as number] : [])));
    const text = (row: Cells | undefined) => (row?.[0] === time ? row.slice(1).join(" ") : "none");
    const message = `${name} is recorded as ${text(one)}, the replay gives ${text(other)}`;
    return { count, difference: { hour: time / hourMs, what, message } };
  }
}

async function recordedRows(
  store: Pick<Store, "all">,
  table: string,
  columns: readonly string[],
  order: string,
  { stationId, firstHour, lastHour }: Stretch,
): Promise<Cells[]> {
  const last = lastHour === Number.POSITIVE_INFINITY ? null : timestamp(lastHour * hourMs);
  const rows = await store.all<Record<string, string | number | null>>(
    `SELECT ${columns.join(", ")} FROM ${table} WHERE stationId = $stationId
       AND issuedTime BETWEEN $first AND coalesce($last, 'infinity'::TIMESTAMP) ORDER BY issuedTime${order}`,
    { stationId, first: timestamp(firstHour * hourMs), last },
  );
  return rows.map((row) => columns.map((column) => row[column]!));
}

/** Compares published forecasts with stored ones, from the first stored one on; null when nothing is published. */
export async function comparePublished(
  store: Pick<Store, "all">,
  home: string,
  stationId: string,
): Promise<Difference | null> {
  const file = join(home, "published", "forecasts.parquet");
  if (!existsSync(file)) return null;
  const columns = forecastColumns.join(", ");
  await store.all(`SELECT ${columns} FROM ${parquetTable(file)} LIMIT 0`).catch((error: Error) => {
    throw new Error(`${file} can't be read; ${publishHint}`, { cause: error });
  });
  const [row] = await store.all<{ hour: number; variable: string; leadHours: number; valueC: number }>(
    `WITH stored AS (SELECT ${columns} FROM forecasts WHERE stationId = $stationId)
     SELECT epoch_ms(issuedTime)::DOUBLE / ${hourMs} AS hour, variable, leadHours, valueC FROM (
       SELECT ${columns} FROM ${parquetTable(file)}
       WHERE stationId = $stationId AND model = $model AND issuedTime >= (SELECT min(issuedTime) FROM stored)
       EXCEPT FROM stored
     ) ORDER BY hour, variable, leadHours LIMIT 1`,
    { stationId, model: publishedModel },
  );
  if (!row) return null;
  const { hour, variable, leadHours, valueC } = row;
  const message = `published ${variable} ${leadHours} hours ahead is ${valueC}, which differs from the stored forecast`;
  return { hour, what: "published", message };
}

export function isoHour(hour: number): string {
  return new Date(hour * hourMs).toISOString();
}
