import { drawsOf, quantilesByLead } from "../../model/draws/draws.js";
import { answersFrom, hoursBefore, questionsAt } from "../../model/draws/questions.js";
import { eventOdds, frostC } from "../../model/extremes/odds.js";
import { extremeKinds, windowLengths } from "../../model/extremes/windows.js";
import { guidanceForHours } from "../../model/features/guidanceHours.js";
import {
  guidanceSlot,
  type ModelName,
  medianIndex,
  modelNames,
  quantileCount,
  quantileNames,
  type Variable,
  variables,
} from "../../model/vocabulary.js";
import type { StationExtreme } from "../../shared/published/extremeTables.js";
import type { StationEvening } from "../../shared/published/scorecard.js";
import type {
  BaselineForecast,
  ForecastHour,
  ObservedHour,
  StationAnswer,
  StationConditions,
  StationForecast,
  StationGuidance,
} from "../../shared/published/stationForecast.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { dayMs, hourMs } from "../../shared/time.js";
import { type EveningForecastRow, talliesOf, tallyNights } from "../../shared/words/evenings.js";
import { type Published, rowsByStation } from "./openPublished.js";
import { forecastDays } from "./stationParquet.js";
import { readScorecards } from "./weeklyScorecard.js";

/** Hours of observations with a forecast: three days before the oldest forecast in <key>/issues.parquet. */
const pastHours = (forecastDays + 3) * 24;

/** The change of pressure is over so many hours, as in synoptic reports. */
const tendencyHours = 3;

/** `/api/<key>.json` of several stations, in their order. */
export async function stationForecasts(
  published: Published,
  stations: readonly StationSummary[],
): Promise<StationForecast[]> {
  const { manifest } = published;
  const { publishedModel: model, asOf } = manifest;
  const newest = await rowsByStation<ForecastHour & { variable: Variable }>(
    published,
    stations,
    `SELECT stationId, variable, leadHours, issuedTime + leadHours * ${hourMs} AS validTime, valueC,
       p025, p10, p25, p50, p75, p90, p975
     FROM forecasts JOIN stations USING (stationId)
     WHERE stationId IN $stations AND issuedTime = newestIssuedTime AND model = $model
     ORDER BY stationId, variable, leadHours`,
    { model },
  );
  const baselines = await rowsByStation<BaselineRow>(
    published,
    stations,
    `SELECT stationId, model, variable, to_json(list(leadHours::INTEGER ORDER BY leadHours)) AS leads,
       to_json(list(valueC ORDER BY leadHours)) AS values
     FROM forecasts JOIN stations USING (stationId)
     WHERE stationId IN $stations AND issuedTime = newestIssuedTime AND model <> $model
     GROUP BY stationId, model, variable`,
    { model },
  );
  const times = await rowsByStation<{ issuedTime: number }>(
    published,
    stations,
    `SELECT DISTINCT stationId, issuedTime FROM forecasts JOIN stations USING (stationId)
     WHERE stationId IN $stations AND model = $model
       AND issuedTime > coalesce(newestIssuedTime, $asOf) - ${forecastDays * dayMs} ORDER BY stationId, issuedTime`,
    { model, asOf },
  );
  const observed = await rowsByStation<ObservedHour>(
    published,
    stations,
    `SELECT stationId, validTime, temperatureC AS temperature, dewPointC AS dewPoint
     FROM hours JOIN stations USING (stationId)
     WHERE stationId IN $stations AND validTime > coalesce(newestObservedTime, $asOf) - ${pastHours * hourMs}
     ORDER BY stationId, validTime`,
    { asOf },
  );
  const conditions = await rowsByStation<StationConditions>(
    published,
    stations,
    `SELECT stationId, now.validTime, now.windSpeedMs, if(now.windSpeedMs > 0, now.windDirectionDeg, NULL) AS windDirectionDeg,
       now.seaLevelPressureHpa, round(now.seaLevelPressureHpa - before.seaLevelPressureHpa, 1) AS pressureChangeHpa,
       now.cloudCoverOktas
     FROM learnedHours AS now JOIN stations USING (stationId)
       LEFT JOIN learnedHours AS before
         ON before.stationId = now.stationId AND before.validTime = now.validTime - ${tendencyHours * hourMs}
     WHERE stationId IN $stations AND now.validTime = newestObservedTime
       AND coalesce(now.windSpeedMs, now.seaLevelPressureHpa, now.cloudCoverOktas) IS NOT NULL`,
  );
  const errors = await rowsByStation<StationForecast["errors"][number]>(
    published,
    stations,
    `SELECT stationId, variable, leadHours, sum(n) AS n, round(sum(mae * n) / sum(n), 3) AS maeC FROM scores
     WHERE stationId IN $stations AND model = $model GROUP BY ALL ORDER BY ALL`,
    { model },
  );
  const extremes = await rowsByStation<StoredExtreme>(
    published,
    stations,
    `SELECT stationId, kind, endTime, ${quantileNames.join(", ")}, heatC FROM extremes JOIN stations USING (stationId)
     WHERE stationId IN $stations AND issuedTime = newestIssuedTime ORDER BY stationId, endTime`,
  );
  const joint = await jointForecasts(published, stations);
  const guidance = await newestGuidance(published, stations);
  const evenings = await newestEvenings(published, stations);
  const scorecard = await readScorecards(published, stations);
  return stations.map((station) => {
    const hours = (variable: Variable): ForecastHour[] =>
      newest(station)
        .filter((row) => row.variable === variable)
        .map(({ variable: _variable, ...hour }) => hour);
    return {
      schemaVersion: 4,
      station,
      model,
      asOf,
      issuedTime: station.newestIssuedTime,
      issues: times(station).map(({ issuedTime }) => issuedTime),
      observed: observed(station),
      conditions: conditions(station)[0] ?? null,
      forecast: { temperature: hours("temperature"), dewPoint: hours("dewPoint") },
      baselines: baselineForecasts(baselines(station)),
      extremes: extremes(station).map(stationExtreme),
      joint: joint(station, hours("temperature"), observed(station)),
      guidance: guidance(station),
      errors: errors(station),
      evenings: evenings(station),
      scorecard: scorecard(station),
    };
  });
}

type StoredExtreme = Omit<StationExtreme, "startTime" | "frost" | "heat">;

function stationExtreme({ heatC, ...extreme }: StoredExtreme): StationExtreme {
  const { kind, endTime } = extreme;
  const quantiles = quantileNames.map((name) => extreme[name]);
  const k = extremeKinds.indexOf(kind);
  const odds = (thresholdC: number) => Math.round(eventOdds(k, quantiles, thresholdC) * 1000) / 1000;
  return {
    ...extreme,
    startTime: endTime - windowLengths[k]! * hourMs,
    frost: kind === "low" ? odds(frostC) : null,
    heat: heatC === null ? null : odds(heatC),
    heatC,
  };
}

type Joint = NonNullable<StationForecast["joint"]>;

/** The joint draws of stations' newest forecasts and the answers from them, made from what is published. */
async function jointForecasts(published: Published, stations: readonly StationSummary[]) {
  const rows = await rowsByStation<Omit<Joint, "answers"> & { issuedTime: number }>(
    published,
    stations,
    `SELECT drawRanks.* FROM drawRanks JOIN stations USING (stationId)
     WHERE stationId IN $stations AND issuedTime = newestIssuedTime`,
  );
  const scores = await rowsByStation<
    Pick<StationAnswer, "question" | "windowNumber"> & NonNullable<StationAnswer["record"]>
  >(
    published,
    stations,
    `SELECT stationId, question, windowNumber, sum(n) AS n, round(sum(crps * n) / sum(n), 3) AS crps,
       round(1 - sum(belowP10 + aboveP90) / sum(n), 3) AS inside80, round(sum(brier * n) / sum(n), 4) AS brier,
       round(sum(commonBrier * n) / sum(n), 4) AS commonBrier
     FROM questionScores WHERE stationId IN $stations GROUP BY stationId, question, windowNumber ORDER BY ALL`,
  );
  return (station: StationSummary, hours: readonly ForecastHour[], observed: readonly ObservedHour[]): Joint | null => {
    const [row] = rows(station);
    if (!row) return null;
    const { issuedTime, ...ranks } = row;
    const answers = stationAnswers(ranks, issuedTime / hourMs, hours, observed).map((answer): StationAnswer => {
      const same = scores(station).find(
        ({ question, windowNumber }) => question === answer.question && windowNumber === answer.windowNumber,
      );
      if (!same) return { ...answer, record: null };
      const { question: _question, windowNumber: _windowNumber, ...record } = same;
      return { ...answer, record };
    });
    return { ...ranks, answers };
  };
}

/** The answers to the questions of an hour of issue, from draws of its forecast and the hours observed before. */
function stationAnswers(
  { utcOffsetHours, draws, ranks }: Omit<Joint, "answers">,
  hour: number,
  hours: readonly ForecastHour[],
  observed: readonly ObservedHour[],
): Omit<StationAnswer, "record">[] {
  const known = new Map(observed.map(({ validTime, temperature }) => [validTime / hourMs, temperature]));
  const before = Array.from({ length: hoursBefore }, (_, i) => known.get(hour - hoursBefore + 1 + i) ?? Number.NaN);
  const drawn = drawsOf({ ranks: Buffer.from(ranks, "base64"), count: draws }, quantilesByLead(hours));
  const questions = questionsAt(hour, utcOffsetHours);
  return answersFrom(questions, hour, drawn, before).flatMap(({ quantiles, odds }, i) => {
    const { kind, number, startHour, endHour } = questions[i]!;
    if (Number.isNaN(odds)) return [];
    const [lower, median, upper] = [1, medianIndex, quantileCount - 2].map((q) => Math.round(quantiles[q]! * 10) / 10);
    const answer = {
      lower: lower!,
      median: median!,
      upper: upper!,
      odds: kind === "highChange" ? Math.round(odds * 1000) / 1000 : null,
    };
    const [startTime, endTime] = [startHour * hourMs, endHour * hourMs];
    return [{ question: kind, windowNumber: number, startTime, endTime, ...answer }];
  });
}

/** A baseline's newest forecast, with lists as JSON: thousands of rows would take longer to read. */
interface BaselineRow {
  model: ModelName;
  variable: Variable;
  leads: string;
  values: string;
}

function baselineForecasts(rows: readonly BaselineRow[]): BaselineForecast[] {
  return modelNames.flatMap((model) =>
    variables.flatMap((variable) => {
      const own = rows.find((row) => row.model === model && row.variable === variable);
      if (!own) return [];
      const [leads, values] = [own.leads, own.values].map((json) => JSON.parse(json) as number[]) as [
        number[],
        number[],
      ];
      const valueC = Array.from<number | null>({ length: leads.at(-1)! }).fill(null);
      for (const [i, lead] of leads.entries()) valueC[lead - 1] = values[i]!;
      return [{ model, variable, valueC }];
    }),
  );
}

/** The newest run of each source of guidance that a station's newest forecast knew. */
async function newestGuidance(
  published: Published,
  stations: readonly StationSummary[],
): Promise<(station: StationSummary) => StationGuidance[]> {
  const rows = await rowsByStation<Omit<StationGuidance, "model">>(
    published,
    stations,
    `SELECT DISTINCT stationId, source AS name, runTime, publicTime, imported
     FROM guidance JOIN stations USING (stationId)
     WHERE stationId IN $stations AND issuedTime < newestIssuedTime
       AND issuedTime >= newestIssuedTime - ${guidanceForHours} * ${hourMs}
     QUALIFY issuedTime = max(issuedTime) OVER (PARTITION BY stationId, source) ORDER BY stationId, name`,
  );
  return (station) => rows(station).map((row) => ({ model: guidanceSlot(row.name), ...row }));
}

/** Reads each station's evening forecasts of the newest night and of the newest day that have ended, with the tallies up to them. */
export async function newestEvenings(
  published: Pick<Published, "query">,
  stations: readonly StationSummary[],
): Promise<(station: StationSummary) => StationEvening[]> {
  // The newest ones, decided or not, and those that the tallies count.
  const rows = await rowsByStation<EveningForecastRow>(
    published,
    stations,
    `FROM evenings WHERE stationId IN $stations AND hoursMissing IS NOT NULL
     QUALIFY row_number() OVER (PARTITION BY stationId, kind ORDER BY issuedTime DESC) = 1
       OR truthC IS NOT NULL AND row_number() OVER (
         PARTITION BY stationId, kind, live, truthC IS NULL ORDER BY issuedTime DESC) <= ${tallyNights}
     ORDER BY stationId, issuedTime, kind DESC`,
  );
  return (station) =>
    extremeKinds.flatMap((kind) => {
      const newest = rows(station).findLast((row) => row.kind === kind);
      return newest ? [{ ...newest, tally: talliesOf(rows(station), newest) }] : [];
    });
}
