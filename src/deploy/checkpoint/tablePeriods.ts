import { learnedTables } from "../../pipeline/train/learned.js";

/**
 * Tables that grow with time, and their time columns. A checkpoint has one file per period of such a table: files of past
 * periods do not change, so that git need not send them again. Any other table is one file.
 */
const timeColumns: Readonly<Record<string, string>> = {
  ...learnedTables,
  reports: "reportTime",
  hours: "validTime",
  guidance: "issuedTime",
  guidanceRuns: "issuedTime",
  ledger: "time",
  rebuiltHours: "validTime",
  liveScores: "month",
  liveExtremeScores: "month",
  evenings: "issuedTime",
  requests: "requestedTime",
  runs: "startedTime",
};

/** Tables with a file per day, because a month is large and old rows are dropped. */
const daily = new Set(["forecasts", "ewmaeHours", "requests"]);
/** Tables with a file per month, because a year of a hundred stations is too large. */
const monthly = new Set(["ledger", "guidance", "guidanceRuns"]);

export interface Periods {
  column: string;
  /** SQL that names the period of a row, such as `2020`, `2021-03` or `2021-03-01`. */
  name: string;
}

/**
 * The periods of a table, null when it does not grow with time: usually past years, and the months of the year of
 * `lastHour`. Git servers reject files above 100 MB.
 * @param lastHour epoch milliseconds; null when nothing was learned yet
 */
export function periodsOf(table: string, lastHour: number | null): Periods | null {
  const column = timeColumns[table];
  if (column === undefined) return null;
  if (daily.has(table)) return { column, name: `strftime(${column}, '%Y-%m-%d')` };
  if (monthly.has(table)) return { column, name: `strftime(${column}, '%Y-%m')` };
  const year = lastHour === null ? 0 : new Date(lastHour).getUTCFullYear();
  return { column, name: `if(year(${column}) < ${year}, strftime(${column}, '%Y'), strftime(${column}, '%Y-%m'))` };
}
