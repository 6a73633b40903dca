import { existsSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { z } from "zod";
import { FileError } from "../../data/http/fileError.js";
import type { Failure } from "../../data/sources/schemas.js";
import type { GuidanceValue } from "../../data/store/guidance.js";
import { parquetTable } from "../../data/store/sqlText.js";
import { guidanceLeads } from "../../model/features/guidanceHours.js";
import { coldestAirC, warmestAirC } from "../../model/vocabulary.js";
import { isStationId } from "../../shared/identifiers.js";
import { hourMs } from "../../shared/time.js";

/** Hundredths of a degree: more digits, as those of single precision, would only take space. */
const celsius = z.number().min(coldestAirC).max(warmestAirC).transform(toHundredths);

function toHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A row of an archive of guidance; times are epoch milliseconds, UTC. */
const ArchiveRow = z
  .object({
    stationId: z.string().refine(isStationId, { error: "not a GHCNh id" }).optional(),
    issuedTime: z.number().multipleOf(hourMs),
    leadHours: z.number().int().min(1),
    temperatureC: celsius,
    dewPointC: celsius.nullable().default(null),
    temperatureSpreadC: z.number().min(0).max(50).transform(toHundredths).nullable().default(null),
  })
  .refine(({ temperatureC, dewPointC }) => dewPointC === null || dewPointC <= temperatureC + 1, {
    path: ["dewPointC"],
    error: "above the temperature",
  });

/** The columns of an archive, the optional ones last. */
const columns = ["issuedTime", "leadHours", "temperatureC", "dewPointC", "temperatureSpreadC", "stationId"] as const;
const needed = columns.slice(0, 3);

/** A run in an archive, with the times that `storeArchive` wants. */
export interface ArchivedRun {
  publicTime: number;
  runTime: number;
  hours: GuidanceValue[];
}

/** What an archive holds: runs in order of time, by station (empty text when the file names none), and rejected rows. */
export interface GuidanceArchive {
  runs: Map<string, ArchivedRun[]>;
  failures: Failure[];
  /** Rows left out because the model has no use for leads that long. */
  beyondLeads: number;
}

/**
 * Reads a Parquet file of guidance: `issuedTime` (UTC hour in which the run was first public), `leadHours`, `temperatureC`
 * and, where known, `dewPointC`, `temperatureSpreadC` and `stationId`. Throws `FileError` if it is no such file.
 * @param now epoch milliseconds; later runs are rejected
 */
export async function readGuidanceFile(path: string, now: number): Promise<GuidanceArchive> {
  if (!existsSync(path)) throw new FileError(path, "does not exist");
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const table = parquetTable(path);
    const described = await connection.runAndReadAll(`DESCRIBE FROM ${table}`).catch((error: Error) => {
      throw new FileError(path, `is not a Parquet file: ${error.message.split("\n")[0]}`);
    });
    const types = new Map(described.getRowObjectsJS().map((row) => [String(row.column_name), String(row.column_type)]));
    const missing = needed.filter((name) => !types.has(name));
    if (missing.length > 0) throw new FileError(path, `has no column ${missing.join(", ")}`);
    if (!types.get("issuedTime")!.startsWith("TIMESTAMP"))
      throw new FileError(path, `has issuedTime of type ${types.get("issuedTime")}, expected TIMESTAMP`);
    const known = columns.filter((name) => types.has(name));
    const selected = known.map(selectedColumn);
    const reader = await connection.stream(
      `SELECT file_row_number::DOUBLE + 1 AS "row", ${selected.join(", ")}
       FROM ${table.replace("union_by_name = true", "file_row_number = true")}
       ORDER BY ${known.includes("stationId") ? "stationId, " : ""}issuedTime, leadHours`,
    );
    const archive: GuidanceArchive = { runs: new Map(), failures: [], beyondLeads: 0 };
    for await (const rows of reader.yieldRowObjectJs()) for (const row of rows) addRow(archive, row, now);
    return archive;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** SQL of a column: numbers of any type as DOUBLE, null where there is none; some libraries write NaN for missing values. */
function selectedColumn(name: (typeof columns)[number]): string {
  if (name === "stationId") return name;
  const number = name === "issuedTime" ? "epoch_ms(issuedTime)::DOUBLE" : `TRY_CAST(${name} AS DOUBLE)`;
  return `nullif(${number}, 'NaN'::DOUBLE) AS ${name}`;
}

/** Adds a row to its run, or to the failures. */
function addRow(archive: GuidanceArchive, given: Record<string, unknown>, now: number): void {
  const { runs, failures } = archive;
  const row = Number(given.row);
  const issued = typeof given.issuedTime === "number" ? given.issuedTime : null;
  const reject = (column: string, check: string, value: unknown) =>
    failures.push({
      row,
      reportTime: issued,
      schema: "guidance",
      column,
      check,
      value: value === undefined ? null : String(value),
      severity: "error",
    });
  const checked = ArchiveRow.safeParse(given);
  if (!checked.success) {
    const issue = checked.error.issues[0]!;
    const column = String(issue.path[0]);
    reject(column, issue.code === "custom" ? issue.message : issue.code, given[column]);
    return;
  }
  const { stationId = "", issuedTime, leadHours, ...values } = checked.data;
  if (issuedTime > now) {
    reject("issuedTime", "is in the future", new Date(issuedTime).toISOString());
    return;
  }
  if (leadHours > guidanceLeads) {
    archive.beyondLeads++;
    return;
  }
  const own = runs.get(stationId) ?? [];
  runs.set(stationId, own);
  let run = own.at(-1);
  if (run?.publicTime !== issuedTime) {
    run = { publicTime: issuedTime, runTime: issuedTime, hours: [] };
    own.push(run);
  }
  const validTime = issuedTime + leadHours * hourMs;
  if (run.hours.at(-1)?.validTime === validTime) reject("leadHours", "unique", leadHours);
  else run.hours.push({ validTime, ...values });
}
