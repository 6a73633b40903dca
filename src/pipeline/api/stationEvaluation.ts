import {
  type GuidanceSource,
  guidanceSlot,
  guidanceSources,
  type ModelName,
  reportedLeads,
  type Variable,
} from "../../model/vocabulary.js";
import { type DailyLoss, lossDifference } from "../../shared/lossDifference.js";
import { quantileBins } from "../../shared/published/fields.js";
import {
  type CalibrationByLead,
  type ErrorsByHour,
  type ErrorsByMonth,
  type EvaluationPeriod,
  type ExtremeOdds,
  type ExtremeScores,
  evaluationSchemaVersion,
  type GuidanceScores,
  type LiveExtremeScores,
  type LiveScores,
  type LossDifference,
  type ScoreDifference,
  type ScoresByLead,
  type StationEvaluation,
  type WorstMiss,
} from "../../shared/published/stationEvaluation.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { periodOf, periodsTable, spinUpEnd } from "./evaluationPeriods.js";
import { type Published, rowsByStation } from "./openPublished.js";

/** Misses listed per period, variable and lead. */
const missesListed = 8;

/** SQL of the counts between quantiles, as a list. */
const binCounts = `[${Object.keys(quantileBins("values"))
  .map((bin) => `sum(${bin})`)
  .join(", ")}]`;

/** SQL: the field of a mean of monthly means, weighted by their numbers. */
function meanOf(column: string, field: string, n = "n"): string {
  const digits = n === "n" ? 3 : 4;
  return `${field}: round(sum(${column} * ${n}) / sum(${n}) FILTER (${column} IS NOT NULL), ${digits})`;
}

/** SQL: the fields of all scores of lows and highs. */
const extremeFields = [
  "n: sum(n)",
  meanOf("bias", "biasC"),
  meanOf("mae", "maeC"),
  meanOf("crps", "crpsC"),
  `counts: ${binCounts}`,
  "oddsN: sum(oddsN)",
  meanOf("brier", "brier", "oddsN"),
];

/**
 * SQL: the scores of lows and highs in each period.
 * @param within the table `periods`
 */
function extremeScores(within: string, table: string, fields: readonly string[]): string {
  return `WITH ${within}
    SELECT stationId, period, kind, windowNumber, to_json({${fields.join(", ")}}) AS columns
    FROM ${table} JOIN periods USING (stationId) WHERE month >= fromTime AND month < toTime AND stationId IN $stations
    GROUP BY stationId, period, kind, windowNumber ORDER BY stationId, period, kind DESC, windowNumber`;
}

/** The evaluations of several stations, in their order, by name of period. */
export async function stationEvaluations(
  published: Published,
  stations: readonly StationSummary[],
  periods: readonly EvaluationPeriod[],
  closedBy: (station: StationSummary, period: string) => string | null,
): Promise<Map<string, StationEvaluation>[]> {
  const { manifest } = published;
  const model = manifest.publishedModel;
  const within = periodsTable(periods, stations);
  type InPeriod<T> = T & { period: string };
  /** Queries rows with list columns, which DuckDB returns as JSON. */
  const gather = async <T>(sql: string, values = {}): Promise<(station: StationSummary) => InPeriod<T>[]> => {
    const rows = await rowsByStation<Record<string, unknown>>(published, stations, sql, values);
    const parsed = new Map<StationSummary, InPeriod<T>[]>();
    for (const station of stations) {
      parsed.set(
        station,
        rows(station).map(({ columns, ...key }) => ({ ...key, ...JSON.parse(String(columns)) }) as InPeriod<T>),
      );
    }
    return (station) => parsed.get(station) ?? [];
  };
  const months = await rowsByStation<InPeriod<{ firstMonth: number; lastMonth: number }>>(
    published,
    stations,
    `WITH ${within} SELECT stationId, period, min(month) AS firstMonth, max(month) AS lastMonth
     FROM scores JOIN periods USING (stationId) WHERE month >= fromTime AND month < toTime AND stationId IN $stations GROUP BY stationId, period`,
  );
  const scores = await gather<ScoresByLead>(
    `WITH ${within}, summed AS (
       SELECT stationId, period, variable, model, leadHours, sum(n) AS n, round(sum(mae * n) / sum(n), 3) AS maeC,
         round(sum(bias * n) / sum(n), 3) AS biasC, round(sqrt(sum(rmse * rmse * n) / sum(n)), 3) AS rmseC
       FROM scores JOIN periods USING (stationId) WHERE month >= fromTime AND month < toTime AND stationId IN $stations GROUP BY ALL)
     SELECT stationId, period, variable, model, if(model = $model, to_json({
       leadHours: list(leadHours ORDER BY leadHours), n: list(n ORDER BY leadHours),
       maeC: list(maeC ORDER BY leadHours), biasC: list(biasC ORDER BY leadHours), rmseC: list(rmseC ORDER BY leadHours)
     }), to_json({
       leadHours: list(leadHours ORDER BY leadHours), n: list(n ORDER BY leadHours), maeC: list(maeC ORDER BY leadHours)
     })) AS columns
     FROM summed GROUP BY stationId, period, variable, model ORDER BY stationId, period, variable, model`,
    { model },
  );
  // One sort of all rows is faster than one of each list; this connection has one thread, which keeps the order.
  const losses = await gather<LossSeries>(
    `SELECT stationId, variable, leadHours, model, to_json({
       day: list((day / ${dayMs})::INTEGER), n: list(n::INTEGER), mae: list(round(publishedMae * 100)::INTEGER),
       baselineMae: list(round(mae * 100)::INTEGER)}) AS columns
     FROM (FROM dailyLosses WHERE stationId IN $stations ORDER BY stationId, variable, leadHours, model, day)
     GROUP BY ALL ORDER BY ALL`,
  );
  const sources = guidanceSources.map((source) => `'${source}'`);
  const guidance = await gather<Omit<GuidanceScores, "name">>(
    `WITH ${within}, days AS (
       SELECT stationId, period, variable, leadHours, model, day, n, mae, publishedMae
       FROM dailyLosses JOIN periods USING (stationId)
       WHERE day >= fromTime AND day < toTime AND stationId IN $stations AND model IN ('persistence', ${sources})),
     compared AS (
       SELECT ours.stationId, ours.period, ours.variable, ours.model AS source, ours.leadHours, sum(ours.n) AS n,
         round(sum(ours.publishedMae * ours.n) / sum(ours.n), 3) AS maeC, round(sum(ours.mae * ours.n) / sum(ours.n), 3) AS guidanceC,
         round(sum(naive.mae * naive.n) / sum(naive.n), 3) AS persistenceC
       FROM days AS ours LEFT JOIN days AS naive ON naive.model = 'persistence'
         AND (naive.stationId, naive.period, naive.variable, naive.leadHours, naive.day, naive.n)
           = (ours.stationId, ours.period, ours.variable, ours.leadHours, ours.day, ours.n)
       WHERE ours.model IN (${sources}) GROUP BY ALL)
     SELECT stationId, period, variable, source, to_json({
       leadHours: list(leadHours ORDER BY leadHours), n: list(n ORDER BY leadHours), maeC: list(maeC ORDER BY leadHours),
       guidanceC: list(guidanceC ORDER BY leadHours), persistenceC: list(persistenceC ORDER BY leadHours)}) AS columns
     FROM compared GROUP BY ALL ORDER BY ALL`,
  );
  const stored = await rowsByStation<{ name: string }>(
    published,
    stations,
    "SELECT DISTINCT stationId, source AS name FROM learnedGuidance WHERE stationId IN $stations ORDER BY ALL",
  );
  const liveRows = await gather<Omit<LiveScores, "source"> & { source: GuidanceSource | null }>(
    `WITH ${within}, summed AS (
       SELECT stationId, period, pairedWith AS source, variable, model, leadHours, sum(n) AS n, round(sum(mae * n) / sum(n), 3) AS maeC,
         list(modelVersion) AS versions
       FROM liveScores JOIN periods USING (stationId)
       WHERE month >= fromTime AND month < toTime AND stationId IN $stations AND leadHours IN (${reportedLeads}) GROUP BY ALL),
     compared AS (
       SELECT stationId, period, source, variable, leadHours, any_value(n) AS n,
         any_value(maeC) FILTER (model = $model) AS maeC, any_value(maeC) FILTER (model = source) AS guidanceC,
         any_value(maeC) FILTER (model = 'persistence') AS persistenceC, flatten(list(versions)) AS versions
       FROM summed GROUP BY ALL)
     SELECT stationId, period, source, variable, to_json({
       leadHours: list(leadHours ORDER BY leadHours), n: list(n ORDER BY leadHours), maeC: list(maeC ORDER BY leadHours),
       guidanceC: list(guidanceC ORDER BY leadHours), persistenceC: list(persistenceC ORDER BY leadHours),
       versions: list_sort(list_distinct(flatten(list(versions))))}) AS columns
     FROM compared WHERE maeC IS NOT NULL AND (guidanceC IS NOT NULL OR source IS NULL) GROUP BY ALL ORDER BY ALL`,
    { model },
  );
  const calibration = await gather<CalibrationByLead>(
    `WITH ${within}, summed AS (
       SELECT stationId, period, variable, leadHours, round(sum(crps * n) / sum(n), 3) AS crpsC,
         ${binCounts} AS counts
       FROM calibration JOIN periods USING (stationId) WHERE month >= fromTime AND month < toTime AND stationId IN $stations GROUP BY ALL)
     SELECT stationId, period, variable, to_json({
       leadHours: list(leadHours ORDER BY leadHours), crpsC: list(crpsC ORDER BY leadHours),
       counts: list(counts ORDER BY leadHours)}) AS columns
     FROM summed GROUP BY ALL ORDER BY ALL`,
  );
  const byHour = await gather<ErrorsByHour>(
    `WITH ${within}, hoursOfDay AS (SELECT unnest(range(24))::DOUBLE AS hourOfDay),
     summed AS (
       SELECT stationId, period, variable, leadHours, extract(month FROM make_timestamp((month * 1000)::BIGINT)) AS monthOfYear,
         hourOfDay, sum(n) AS n, round(sum(mae * n) / sum(n), 2) AS maeC
       FROM scoresByHour JOIN periods USING (stationId)
       WHERE month >= fromTime AND month < toTime AND stationId IN $stations AND model = $model GROUP BY ALL),
     rowsOfMonths AS (
       SELECT stationId, period, variable, leadHours, monthOfYear, sum(coalesce(n, 0)) AS n, list(maeC ORDER BY hourOfDay) AS maeC
       FROM (SELECT DISTINCT stationId, period, variable, leadHours, monthOfYear FROM summed) CROSS JOIN hoursOfDay
         LEFT JOIN summed USING (stationId, period, variable, leadHours, monthOfYear, hourOfDay)
       GROUP BY ALL)
     SELECT stationId, period, variable, leadHours, to_json({
       months: list(monthOfYear ORDER BY monthOfYear), n: list(n ORDER BY monthOfYear),
       maeC: list(maeC ORDER BY monthOfYear)}) AS columns
     FROM rowsOfMonths GROUP BY ALL ORDER BY ALL`,
    { model },
  );
  const byMonth = await gather<ErrorsByMonth>(
    `WITH ${within}, errors AS (
       SELECT stationId, period, variable, leadHours, month, any_value(n) FILTER (model = $model) AS n,
         round(any_value(mae) FILTER (model = $model), 3) AS maeC,
         round(any_value(mae) FILTER (model = 'persistence'), 3) AS persistenceC
       FROM scores JOIN periods USING (stationId)
       WHERE month >= fromTime AND month < toTime AND stationId IN $stations AND leadHours IN (${reportedLeads}) GROUP BY ALL)
     SELECT stationId, period, variable, leadHours, to_json({
       month: list(month::BIGINT ORDER BY month), n: list(n ORDER BY month), maeC: list(maeC ORDER BY month),
       persistenceC: list(persistenceC ORDER BY month)}) AS columns
     FROM errors WHERE n IS NOT NULL GROUP BY ALL ORDER BY ALL`,
    { model },
  );
  const hoursByMonth = await rowsByStation<{ month: number; n: number }>(
    published,
    stations,
    `SELECT stationId, month, n FROM scores
     WHERE stationId IN $stations AND model = $model AND variable = 'temperature' AND leadHours = 1`,
    { model },
  );
  /** What a period of a station leaves out: the end of its spin-up, and the hours scored before. */
  const spinUp = (station: StationSummary, { name, from }: EvaluationPeriod): StationEvaluation["spinUp"] => {
    if (name === "all" || station.genesisTime === null) return null;
    const until = spinUpEnd(station.genesisTime);
    const left = hoursByMonth(station).filter(({ month }) => month >= from && month < until);
    const hours = left.reduce((total, { n }) => total + n, 0);
    return hours > 0 ? { until, hours } : null;
  };
  const worst = await rowsByStation<InPeriod<WorstMiss>>(
    published,
    stations,
    `WITH ${within}
     SELECT stationId, period, variable, leadHours, validTime, round(forecastC::DOUBLE, 2) AS forecastC,
       round(observedC::DOUBLE, 2) AS observedC, round(p025::DOUBLE, 2) AS p025, round(p975::DOUBLE, 2) AS p975
     FROM worstMisses JOIN periods USING (stationId) WHERE validTime >= fromTime AND validTime < toTime AND stationId IN $stations
     QUALIFY row_number() OVER (PARTITION BY stationId, period, variable, leadHours
       ORDER BY round(abs(worstMisses.forecastC - worstMisses.observedC), 2) DESC, validTime) <= ${missesListed}
     ORDER BY stationId, period, variable, leadHours, round(abs(worstMisses.forecastC - worstMisses.observedC), 2) DESC, validTime`,
  );
  const extremes = await gather<ExtremeScores>(
    extremeScores(within, "extremeScores", [
      ...extremeFields,
      meanOf("untrackedCrps", "untrackedCrpsC"),
      meanOf("beforeMae", "beforeMaeC"),
      meanOf("climatologyMae", "climatologyMaeC"),
      meanOf("climatologyCrps", "climatologyCrpsC"),
      meanOf("untrackedBrier", "untrackedBrier", "oddsN"),
      meanOf("beforeBrier", "beforeBrier", "oddsN"),
      meanOf("climatologyBrier", "climatologyBrier", "oddsN"),
    ]),
  );
  const liveExtremes = await gather<LiveExtremeScores>(extremeScores(within, "liveExtremeScores", extremeFields));
  const thresholds = await rowsByStation<{ heatC: number }>(
    published,
    stations,
    `SELECT stationId, arg_max(heatC, issuedTime) AS heatC FROM extremes WHERE stationId IN $stations
     GROUP BY stationId HAVING max(heatC) IS NOT NULL`,
  );
  const extremeOdds = await rowsByStation<InPeriod<ExtremeOdds>>(
    published,
    stations,
    `WITH ${within}
     SELECT stationId, period, event, windowNumber, tenth, sum(n) AS n, round(sum(oddsSum) / sum(n), 3) AS odds,
       round(sum(came) / sum(n), 3) AS came
     FROM extremeOdds JOIN periods USING (stationId) WHERE month >= fromTime AND month < toTime AND stationId IN $stations
     GROUP BY ALL ORDER BY stationId, period, event, windowNumber, tenth`,
  );
  return stations.map((station) => {
    const through = station.newestObservedTime ?? manifest.asOf;
    const series = losses(station).map(({ variable, leadHours, model, ...columns }) => {
      return { variable, leadHours, model, losses: dailyLosses(columns) };
    });
    const live = liveRows(station).flatMap(({ source, ...row }) => (source === null ? [] : [{ source, ...row }]));
    const onTime = liveRows(station).flatMap(({ source, guidanceC: _, ...row }) => (source === null ? [row] : []));
    return new Map(
      periods.map((period) => {
        const { name, from, to } = periodOf(period, station);
        const own = <T>(rows: InPeriod<T>[]) =>
          rows.filter(({ period }) => period === name).map(({ period: _, ...row }) => row as unknown as T);
        const [scored] = own(months(station));
        return [
          name,
          {
            schemaVersion: evaluationSchemaVersion,
            station: { key: station.key, name: station.name, timeZone: station.timeZone },
            model,
            closedBy: closedBy(station, name),
            period: scored ? { name, ...scored, through: Math.min(through, to - hourMs) } : null,
            spinUp: spinUp(station, period),
            scores: own(scores(station)),
            guidance: own<Omit<GuidanceScores, "name">>(guidance(station)).map((row) => ({
              ...row,
              name: stored(station).find((of) => guidanceSlot(of.name) === row.source)?.name ?? row.source,
            })),
            differences: series.flatMap((one) => differenceWithin(one, from, to)),
            onTime: own(onTime),
            live: own(live),
            calibration: own(calibration(station)),
            byMonth: own(byMonth(station)),
            byHour: own(byHour(station)),
            worst: own(worst(station)),
            extremes: own(extremes(station)),
            liveExtremes: own(liveExtremes(station)),
            extremeOdds: own(extremeOdds(station)),
            heatC: thresholds(station)[0]?.heatC ?? null,
          },
        ];
      }),
    );
  });
}

/** Daily losses in order: days since 1970, and mean absolute errors in hundredths of °C. */
interface LossSeries extends Record<keyof DailyLoss, number[]> {
  variable: Variable;
  leadHours: number;
  model: ModelName;
}

function dailyLosses({ day, n, mae, baselineMae }: Record<keyof DailyLoss, number[]>): DailyLoss[] {
  return day.map((number, i) => ({
    day: number * dayMs,
    n: n[i]!,
    mae: mae[i]! / 100,
    baselineMae: baselineMae[i]! / 100,
  }));
}

function differenceWithin(
  { variable, leadHours, model, losses: all }: Omit<LossSeries, keyof DailyLoss> & { losses: readonly DailyLoss[] },
  from: number,
  to: number,
): ScoreDifference[] {
  const losses = all.filter(({ day }) => day >= from && day < to);
  const found = lossDifference(losses, leadHours);
  if (!found) return [];
  const rounded = Object.entries(found).map(([name, value]) => [name, Math.round(value * 1e4) / 1e4]);
  return [{ variable, leadHours, model, ...(Object.fromEntries(rounded) as unknown as LossDifference) }];
}
