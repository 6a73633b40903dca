import { coldestAirC, publishedModel, quantileLevels, warmestAirC } from "../../model/vocabulary.js";
import { publishedTables } from "../../shared/published/published.js";

/** A problem of some stations: they are marked, and the site is published. */
export interface StationWarning {
  /** Without a full stop: names may follow. */
  text: string;
  stationIds: string[];
}

export type Query = <Row>(sql: string) => Promise<Row[]>;

/** Problems of a newest forecast: each applies when any of its rows meets the condition. */
const forecastFaults: Readonly<Record<string, string>> = {
  "A temperature is forecast that was never observed on Earth": `NOT isfinite(valueC) OR ${isNoAir("valueC")}`,
  "A quantile is a temperature that was never observed on Earth": Object.keys(quantileLevels).map(isNoAir).join(" OR "),
  "Quantiles cross": "NOT (p025 <= p10 AND p10 <= p25 AND p25 <= p50 AND p50 <= p75 AND p75 <= p90 AND p90 <= p975)",
};

function isNoAir(column: string): string {
  return `${column} NOT BETWEEN ${coldestAirC} AND ${warmestAirC}`;
}

/**
 * Checks the published numbers of each station.
 * @param query runs SQL on the published tables
 * @param maxLeadHours longest lead that each station must have
 * @param schema of the tables
 */
export async function stationWarnings(
  query: Query,
  { maxLeadHours, schema = "main" }: { maxLeadHours: number; schema?: string },
): Promise<StationWarning[]> {
  const newestForecasts = `(SELECT f.* FROM ${schema}.forecasts AS f JOIN ${schema}.stations USING (stationId)
    WHERE issuedTime = newestIssuedTime AND model = '${publishedModel}')`;
  const selections: [text: string, sql: string][] = [
    [
      `Fewer than ${maxLeadHours} hours are forecast`,
      `SELECT stationId FROM ${schema}.stations LEFT JOIN (
         SELECT stationId, count(DISTINCT leadHours) AS leads FROM ${newestForecasts}
         WHERE variable = 'temperature' GROUP BY stationId
       ) USING (stationId) WHERE newestIssuedTime IS NOT NULL AND coalesce(leads, 0) < ${maxLeadHours}`,
    ],
  ];
  for (const [text, condition] of Object.entries(forecastFaults))
    selections.push([text, `SELECT DISTINCT stationId FROM ${newestForecasts} WHERE ${condition}`]);
  for (const [table, { shape }] of Object.entries(publishedTables)) {
    if (!("stationId" in shape)) continue;
    for (const column of await numberColumns(query, `${schema}.${table}`)) {
      const sql = `SELECT DISTINCT stationId FROM ${schema}.${table} WHERE stationId IS NOT NULL AND NOT isfinite("${column}")`;
      selections.push([`${table}.${column} is not a number`, sql]);
    }
  }
  const warnings: StationWarning[] = [];
  for (const [text, sql] of selections) {
    const rows = await query<{ stationId: string }>(`${sql} ORDER BY stationId`);
    if (rows.length > 0) warnings.push({ text, stationIds: rows.map(({ stationId }) => stationId) });
  }
  return warnings;
}

/** The columns of a published table that can hold NaN or infinity. */
export async function numberColumns(query: Query, table: string): Promise<string[]> {
  const columns = await query<{ column_name: string; column_type: string }>(`DESCRIBE FROM ${table}`);
  return columns
    .filter(({ column_type: type }) => type === "DOUBLE" || type === "FLOAT")
    .map(({ column_name: name }) => name);
}
