import { coldestAirC, publishedModel, quantileLevels, warmestAirC } from "../../model/vocabulary.js";
import { groupBy } from "../../shared/groupBy.js";
import { publishedTables } from "../../shared/published/published.js";

/** A problem of some stations. Pages mark these stations; the site is still published. */
export interface StationWarning {
  /** Without a full stop, because station names may follow. */
  text: string;
  stationIds: string[];
}

export type Query = <Row>(sql: string) => Promise<Row[]>;

/** Problems of a newest forecast: each applies when any of its rows meets the condition. */
const forecastFaults: Readonly<Record<string, string>> = {
  "A temperature is forecast that was never observed on Earth": `NOT isfinite(valueC) OR ${isImpossible("valueC")}`,
  "A quantile is a temperature that was never observed on Earth": Object.keys(quantileLevels)
    .map(isImpossible)
    .join(" OR "),
  "Quantiles cross": "NOT (p025 <= p10 AND p10 <= p25 AND p25 <= p50 AND p50 <= p75 AND p75 <= p90 AND p90 <= p975)",
};

function isImpossible(column: string): string {
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
  const warnings: StationWarning[] = [];
  for (const [text, sql] of selections) {
    const rows = await query<{ stationId: string }>(`${sql} ORDER BY stationId`);
    if (rows.length > 0) warnings.push({ text, stationIds: rows.map(({ stationId }) => stationId) });
  }
  const broken = (await brokenNumbers(query, schema)).filter(({ stationId }) => stationId !== null);
  for (const [column, rows] of groupBy(broken, ({ table, column }) => `${table}.${column}`))
    warnings.push({ text: `${column} is not a number`, stationIds: rows.map(({ stationId }) => stationId!) });
  return warnings;
}

/** Numbers of a column that are NaN or infinite. */
export interface BrokenNumbers {
  table: string;
  column: string;
  /** Null for rows without a station. */
  stationId: string | null;
  rows: number;
}

/** Finds the columns of the published tables with NaN or infinity, in the order of tables, columns and stations. */
export async function brokenNumbers(query: Query, schema = "main"): Promise<BrokenNumbers[]> {
  const columns = await query<{ name: string; column: string }>(
    `SELECT table_name AS name, column_name AS "column" FROM information_schema.columns
     WHERE table_schema = '${schema}' AND data_type IN ('DOUBLE', 'FLOAT') ORDER BY ordinal_position`,
  );
  const columnsOf = groupBy(columns, ({ name }) => name);
  const found = Object.entries(publishedTables).flatMap(([table, { shape }]) => {
    const own = (columnsOf.get(table) ?? []).map(({ column }) => column);
    if (own.length === 0) return [];
    const station = "stationId" in shape ? "stationId" : "NULL";
    const counts = own.map((column) => `{c: '${column}', n: count(*) FILTER (NOT isfinite("${column}"))}`);
    const rank = Object.keys(publishedTables).indexOf(table);
    return `SELECT ${rank} AS rank, '${table}' AS name, ${station} AS stationId, unnest([${counts.join(", ")}]) AS broken
      FROM ${schema}.${table} GROUP BY ALL`;
  });
  return query(
    `SELECT name AS "table", broken.c AS "column", stationId, broken.n::DOUBLE AS rows
     FROM (${found.join(" UNION ALL ")}) WHERE broken.n > 0
     ORDER BY rank, list_position([${columns.map(({ column }) => `'${column}'`).join(", ")}], broken.c), stationId`,
  );
}
