import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "../../data/store/store.js";
import { firstHourOfMonth, monthOf } from "../../model/calendar.js";
import type { Report } from "../../shared/progress.js";
import { isFromOtherVersion, snapshotPath } from "./snapshotFile.js";

/** The states at the end of the last days and of the last months are kept. */
const keptDays = 2;
const keptMonths = 2;

/** Snapshots are taken at the end of each month, of each of the last days, and of the batch. */
export function snapshotHours(firstHour: number, endHour: number, lastHour: number): { all: number[]; kept: number[] } {
  const all = new Set<number>([endHour]);
  const kept = new Set<number>([endHour]);
  const lastMonth = monthOf(lastHour);
  for (let month = monthOf(firstHour) + 1; firstHourOfMonth(month) - 1 <= endHour; month++) {
    const end = firstHourOfMonth(month) - 1;
    if (end < firstHour) continue;
    all.add(end);
    if (month > lastMonth - keptMonths) kept.add(end);
  }
  for (let end = Math.floor((lastHour + 1) / 24) * 24 - 1, n = 0; n < keptDays; end -= 24, n++) {
    if (end < firstHour || end > endHour) continue;
    all.add(end);
    kept.add(end);
  }
  const ascending = (hours: Set<number>) => [...hours].sort((a, b) => a - b);
  return { all: ascending(all), kept: ascending(kept) };
}

/** Keeps the newest state and those at the end of the last days and months; marks the others as not kept. */
export async function updateKept(store: Store, stationId: string): Promise<void> {
  await store.run(
    `UPDATE snapshots SET kept = false WHERE stationId = $stationId AND kept AND throughTime NOT IN (
      SELECT max(throughTime) FROM snapshots WHERE stationId = $stationId
      UNION ALL (SELECT throughTime FROM snapshots WHERE stationId = $stationId AND kept
        AND hour(throughTime) = 23 ORDER BY throughTime DESC LIMIT ${keptDays})
      UNION ALL (SELECT throughTime FROM snapshots WHERE stationId = $stationId AND kept
        AND hour(throughTime) = 23 AND day(throughTime + INTERVAL 1 HOUR) = 1 ORDER BY throughTime DESC LIMIT ${keptMonths}))`,
    { stationId },
  );
}

/** Deletes the files of a station's states that are not kept. */
export async function deleteOtherStates(store: Store, home: string, stationId: string): Promise<void> {
  const rows = await store.all<{ snapshotId: string }>(
    "SELECT snapshotId FROM snapshots WHERE stationId = $stationId AND kept",
    { stationId },
  );
  const kept = new Set(rows.map(({ snapshotId }) => snapshotId));
  const folder = join(home, "snapshots", stationId);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return; // nothing was ever written
  }
  for (const name of names) if (!kept.has(name.replace(/\.bin$/, ""))) rmSync(join(folder, name), { force: true });
}

/**
 * Marks states that can't be read as not kept, and warns of them: states of another model version, and missing ones
 * except the newest, which training restores.
 */
export async function dropUnreadableStates(store: Store, home: string, report: Pick<Report, "warn">): Promise<void> {
  const kept = await store.all<{ stationId: string; snapshotId: string; newest: boolean }>(
    `SELECT stationId, snapshotId, throughTime = max(throughTime) OVER (PARTITION BY stationId) AS newest
     FROM snapshots WHERE kept ORDER BY stationId, throughTime`,
  );
  const pathOf = (row: (typeof kept)[number]) => snapshotPath(home, row.stationId, row.snapshotId);
  const old = kept.filter((row) => isFromOtherVersion(pathOf(row)));
  const missing = kept.filter((row) => !row.newest && !existsSync(pathOf(row)));
  const dropped = [...old, ...missing];
  if (dropped.length === 0) return;
  await store.run(
    "UPDATE snapshots SET kept = false WHERE kept AND list_contains(string_split($dropped, ' '), snapshotId)",
    { dropped: dropped.map(({ snapshotId }) => snapshotId).join(" ") },
  );
  for (const row of old) rmSync(pathOf(row), { force: true });
  warnOfOldStates(old, report);
  if (missing.length > 0) report.warn(`missing states, now removed from the record: ${stationsIn(missing)}`);
}

/** Warns of stations with states of another model version. */
export function warnOfOldStates(rows: readonly { stationId: string }[], report: Pick<Report, "warn">): void {
  if (rows.length > 0) report.warn(`ignored states of another model version: ${stationsIn(rows)}`);
}

function stationsIn(rows: readonly { stationId: string }[]): string {
  return [...new Set(rows.map(({ stationId }) => stationId))].join(", ");
}
