/**
 * Tables that grow with time, by the column that says when. A checkpoint has a file for each period of them, so that
 * what is long past stays the same file, which git need not send again. Any other table is one file.
 */
const timeColumns: Readonly<Record<string, string>> = {
  reports: "reportTime",
  hours: "validTime",
  officialForecasts: "issuedTime",
  snapshots: "throughTime",
  ledger: "time",
  issues: "issuedTime",
  forecasts: "issuedTime",
  rebuiltHours: "validTime",
  liveScores: "month",
  scores: "month",
  scoresByHour: "month",
  calibration: "month",
  calibrationByHour: "month",
  dailyLosses: "day",
  worstMisses: "day",
  ewmae: "time",
  ewmaeHours: "time",
  expertWeights: "time",
  alarms: "time",
  requests: "requestedTime",
  runs: "startedTime",
};

/** Of these a month would be large, and the oldest are dropped. */
const daily = new Set(["forecasts", "ewmaeHours", "requests"]);
/** Of these a year of a hundred stations would be: mostly digests, and a hundred numbers an hour. */
const monthly = new Set(["ledger", "officialForecasts"]);

export interface Periods {
  column: string;
  /** SQL that names the period of a row, such as `2020`, `2021-03` or `2021-03-01`. */
  name: string;
}

/**
 * The periods of a table, null when it does not grow with time: as a rule years that are over whole, months in that of
 * `lastHour`. Git servers refuse files of more than 100 MB.
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
