import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type EvaluationFile,
  type EvaluationPeriod,
  evaluationFile,
  evaluationSchemaVersion,
  toEvaluationFile,
} from "../../shared/published/stationEvaluation.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { hourMs } from "../../shared/time.js";
import { periodsTable } from "./evaluationPeriods.js";
import { type Published, rowsByStation } from "./openPublished.js";
import { stationEvaluations } from "./stationEvaluation.js";
import { write, writeText } from "./write.js";

/**
 * Writes the evaluations of several stations. Those of closed periods are copied from the folder published before.
 * @param previous that folder; null when there is none
 */
export async function writeEvaluations(
  published: Published,
  stations: readonly StationSummary[],
  { periods, folder, previous }: { periods: readonly EvaluationPeriod[]; folder: string; previous: string | null },
): Promise<void> {
  const closedBy = await closingSnapshots(published, stations, periods);
  const changed = new Map<EvaluationPeriod, StationSummary[]>();
  for (const period of periods) {
    for (const station of stations) {
      const id = closedBy(station, period.name);
      if (previous !== null && id !== null && (await copyClosed(previous, folder, { station, period, id }))) continue;
      changed.set(period, [...(changed.get(period) ?? []), station]);
    }
  }
  const evaluations = await stationEvaluations(published, stations, [...changed.keys()], closedBy);
  for (const [period, ofStations] of changed) {
    for (const station of ofStations) {
      const evaluation = evaluations[stations.indexOf(station)]!.get(period.name)!;
      await write(folder, `api/${station.key}/${evaluationFile(period.name)}`, toEvaluationFile(evaluation));
    }
  }
}

/** Copies the evaluation of a closed period from the previous folder. Returns whether it is there and still right. */
async function copyClosed(
  previous: string,
  folder: string,
  { station, period, id }: { station: StationSummary; period: EvaluationPeriod; id: string },
): Promise<boolean> {
  const name = `api/${station.key}/${evaluationFile(period.name)}`;
  try {
    const text = await readFile(join(previous, name), "utf8");
    const file = JSON.parse(text) as EvaluationFile;
    const isRight =
      file.schemaVersion === evaluationSchemaVersion &&
      file.closedBy === id &&
      file.station.name === station.name &&
      file.station.timeZone === station.timeZone;
    if (isRight) await writeText(folder, name, text);
    return isRight;
  } catch {
    return false;
  }
}

/**
 * The snapshot that closed each period: the first one through its last hour. The scores of a closed period change only
 * when the snapshot does. Null while the period is open.
 */
export async function closingSnapshots(
  published: Published,
  stations: readonly StationSummary[],
  periods: readonly EvaluationPeriod[],
): Promise<(station: StationSummary, period: string) => string | null> {
  const rows = await rowsByStation<{ period: string; snapshotId: string }>(
    published,
    stations,
    `WITH ${periodsTable(periods, stations)}
     SELECT stationId, period, arg_min(snapshotId, throughTime) AS snapshotId
     FROM snapshots JOIN periods USING (stationId) WHERE throughTime >= toTime - ${hourMs} AND stationId IN $stations
     GROUP BY stationId, period`,
  );
  return (station, period) => rows(station).find((row) => row.period === period)?.snapshotId ?? null;
}
