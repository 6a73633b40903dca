import { questionKinds } from "../../../src/model/draws/questions.js";
import { extremeEvents } from "../../../src/model/extremes/odds.js";
import { modelVersion } from "../../../src/model/forecaster/forecaster.js";
import {
  comparedBaselines,
  guidanceSources,
  type ModelName,
  reportedLeads,
  type Variable,
  variables,
} from "../../../src/model/vocabulary.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";
import { guidanceOf, hundredths, jitter, type Place, type Rows } from "./fixturePlaces.js";

/** Models that the fixture scores, with how much worse than the published one they are. */
const errorFactors: Partial<Record<ModelName, number>> = {
  persistence: 1.9,
  seasonalNaive: 1.5,
  climatology: 1.7,
  blend: 1.25,
  sgd: 1.4,
  rls: 1.05,
  nbm: 1.1,
  nws: 0.9,
  mixture: 1,
};

const isGuidance = (model: ModelName) => guidanceSources.some((source) => source === model);
const hasGuidance = (place: Place, model: ModelName) => guidanceOf(place).some((source) => source === model);
/** For so many days the fixture has errors of guidance: of temperature too few to say how sure a difference is. */
const guidanceDays = { temperature: 20, dewPoint: 40 };

/** For so many days the fixture has EWMAE at every hour, which are parts of two months. */
const hourlyDays = 20;

export const months = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1), Date.UTC(2026, 2, 1)];

export function addEvaluation(rows: Rows, place: Place, from: number, to: number): void {
  for (const variable of variables) {
    for (const [model, factor] of Object.entries(errorFactors) as [ModelName, number][]) {
      if (isGuidance(model) && !hasGuidance(place, model)) continue;
      for (let leadHours = 1; leadHours <= 72; leadHours++) {
        for (const month of isGuidance(model) ? months.slice(-1) : months) {
          const mae = maeC(model, factor, variable, leadHours) * (1 + 0.1 * jitter(month / dayMs + leadHours));
          rows.scores.push({
            stationId: place.stationId,
            variable,
            model,
            leadHours,
            month,
            n: isGuidance(model) ? 180 - leadHours : 200 - leadHours,
            mae: hundredths(mae),
            bias: hundredths(0.2 * jitter(leadHours + factor)),
            rmse: hundredths(mae * 1.27),
          });
        }
      }
      if (model === "mixture" || model === "persistence") addLiveScores(rows, place, model, factor, variable);
      if (model !== "mixture" && model !== "persistence" && model !== "rls") continue;
      for (const leadHours of reportedLeads) {
        for (let time = from + 25 * hourMs, n = 25; time <= to; time += 25 * hourMs, n += 25) {
          const error =
            maeC(model, factor, variable, leadHours) *
            (1 + 0.3 * jitter(time / dayMs + leadHours)) *
            (1 + 2 / (n / 25));
          const fill = 1 - 0.9 ** n;
          rows.ewmae.push({
            stationId: place.stationId,
            variable,
            model,
            leadHours,
            time,
            n,
            validation: hundredths(error * fill),
            training: hundredths(error * fill * 0.93),
            validationCorrected: hundredths(error),
            trainingCorrected: hundredths(error * 0.93),
            validationSlow: hundredths(error * 1.02),
          });
        }
        if (model !== "mixture") continue;
        for (let time = to - hourlyDays * dayMs; time <= to; time += hourMs) {
          const validationCorrected = hundredths(
            maeC(model, factor, variable, leadHours) * (1 + 0.3 * jitter(time / dayMs + leadHours)),
          );
          const trainingCorrected = hundredths(validationCorrected * 0.93);
          rows.ewmaeHours.push({
            stationId: place.stationId,
            variable,
            leadHours,
            time,
            validationCorrected,
            trainingCorrected,
          });
        }
      }
    }
  }
}

/** Scores of what was made on time since the fixture went live, three weeks ago. */
function addLiveScores(rows: Rows, place: Place, model: "mixture" | "persistence", factor: number, variable: Variable) {
  for (let leadHours = 1; leadHours <= 72; leadHours++) {
    const mae = hundredths(maeC(model, factor, variable, leadHours) * 1.02);
    const errors = {
      leadHours,
      month: months.at(-1)!,
      n: 190 - leadHours,
      mae,
      bias: 0.05,
      rmse: hundredths(mae * 1.27),
    };
    const key = { stationId: place.stationId, variable, modelVersion };
    rows.liveScores.push({ ...key, model, pairedWith: null, ...errors });
    for (const source of guidanceOf(place)) {
      rows.liveScores.push({ ...key, model, pairedWith: source, ...errors });
      if (model !== "mixture") continue;
      const ofSource = { ...errors, mae: hundredths(mae * errorFactors[source]!) };
      rows.liveScores.push({ ...key, model: source, pairedWith: source, ...ofSource });
    }
  }
}

/** Errors by hour of the day, calibration and expert weights, which only reported leads have; and one alarm. */
export function addDetails(rows: Rows, place: Place, from: number, to: number): void {
  const { stationId } = place;
  for (const variable of variables) {
    for (const leadHours of reportedLeads) {
      for (const month of months) {
        for (let hourOfDay = 0; hourOfDay < 24; hourOfDay++) {
          for (const [model, factor] of [
            ["mixture", 1],
            ["persistence", 1.9],
          ] as const) {
            const mae = hundredths(maeC(model, factor, variable, leadHours) * (1 + 0.4 * Math.sin(hourOfDay / 4)));
            const errors = { n: 8, mae, bias: 0.1, rmse: hundredths(1.3 * mae) };
            rows.scoresByHour.push({ stationId, variable, model, leadHours, month, hourOfDay, ...errors });
          }
        }
        if (!place.quantiles) continue;
        const [belowP025, belowP10, belowP25, belowP50, belowP75, belowP90, belowP975, aboveP975] = [
          6, 16, 29, 50, 49, 28, 15, 7,
        ] as const;
        const crps = hundredths(maeC("mixture", 1, variable, leadHours) * 0.72);
        const counts = { belowP025, belowP10, belowP25, belowP50, belowP75, belowP90, belowP975, aboveP975 };
        const [pinballP025, pinballP10, pinballP25, pinballP50, pinballP75, pinballP90, pinballP975] = [
          0.1, 0.3, 0.5, 0.6, 0.5, 0.3, 0.1,
        ].map((share) => hundredths(share * crps));
        const losses = { pinballP025, pinballP10, pinballP25, pinballP50, pinballP75, pinballP90, pinballP975 };
        const calibration = { stationId, variable, leadHours, month, n: 200, crps, ...counts, ...losses };
        rows.calibration.push(calibration);
        for (let hourOfDay = 0; hourOfDay < 24; hourOfDay++) rows.calibrationByHour.push({ ...calibration, hourOfDay });
      }
      for (let time = from; time <= to; time += 7 * dayMs) {
        const share = hundredths(0.4 + 0.2 * Math.sin(time / dayMs / 9));
        rows.expertWeights.push(
          { stationId, variable, model: "rls", leadHours, time, weight: share },
          { stationId, variable, model: "blend", leadHours, time, weight: hundredths(0.8 - share) },
          { stationId, variable, model: "persistence", leadHours, time, weight: 0.2 },
        );
      }
    }
  }
  if (place.quantiles) addExtremeScores(rows, stationId);
  if (place.quantiles) addQuestionScores(rows, stationId);
  const alarm = { stationId, variable: "temperature", time: to - 5 * dayMs, side: "forecasts too low" } as const;
  rows.alarms.push(
    place.icao === "PANC"
      ? { ...alarm, changeC: 6.1, neighbours: 5, neighbourChangeC: 0.2, cause: "sensor" }
      : { ...alarm, changeC: 4, neighbours: 0, neighbourChangeC: null, cause: "unknown" },
  );
}

/** Errors of answers to questions over several hours. */
function addQuestionScores(rows: Rows, stationId: string): void {
  for (const month of months)
    for (const question of questionKinds)
      for (const windowNumber of question === "highChange" ? [0, 1] : question === "dayMean" ? [1, 2] : [0, 1, 2]) {
        const crps = hundredths(1.2 + 0.5 * windowNumber);
        const errors = {
          meanError: 0.1,
          meanAbsoluteError: hundredths(1.4 * crps),
          crps,
          commonCrps: hundredths(1.1 * crps),
        };
        const brier =
          question === "highChange"
            ? { brier: 0.2 + windowNumber / 50, commonBrier: 0.27 }
            : { brier: null, commonBrier: null };
        const counts = { n: 100, belowP10: 8, aboveP90: 11, came: 50 };
        rows.questionScores.push({ stationId, question, windowNumber, month, ...errors, ...counts, ...brier });
      }
}

/** Errors of lows and highs, and the record of the odds of frost and heat. */
function addExtremeScores(rows: Rows, stationId: string): void {
  for (const month of months) {
    for (const kind of ["low", "high"] as const)
      for (let windowNumber = 0; windowNumber <= 3; windowNumber++) {
        const crps = hundredths(0.5 + 0.6 * windowNumber + (kind === "high" ? 0.2 : 0));
        const errors = {
          bias: 0.2,
          mae: hundredths(1.4 * crps),
          crps,
          untrackedCrps: hundredths(1.03 * crps),
          beforeMae: 3.1,
          climatologyMae: 2.9,
          climatologyCrps: 2.1,
        };
        const [belowP025, belowP10, belowP25, belowP50] = [6, 16, 29, 50] as const;
        const [belowP75, belowP90, belowP975, aboveP975] = [49, 28, 15, 7] as const;
        const counts = { belowP025, belowP10, belowP25, belowP50, belowP75, belowP90, belowP975, aboveP975 };
        const brier = 0.05 + windowNumber / 100;
        const briers = { untrackedBrier: brier + 0.002, beforeBrier: 0.14, climatologyBrier: 0.12 };
        const own = { stationId, kind, windowNumber, month, n: 200, ...errors, ...counts };
        // Too few highs are known for odds of heat in the first month.
        const hasOdds = kind === "low" || month > months[0]!;
        const odds = hasOdds
          ? { oddsN: 200, brier, ...briers }
          : { oddsN: 0, brier: null, untrackedBrier: null, beforeBrier: null, climatologyBrier: null };
        rows.extremeScores.push({ ...own, ...odds });
        const { bias, mae } = errors;
        if (month === months.at(-1))
          rows.liveExtremeScores.push({
            ...{ stationId, kind, windowNumber, month, modelVersion, n: 200, bias, mae, crps, ...counts },
            ...{ oddsN: 200, brier: brier + 0.01 },
          });
      }
    for (let tenth = 0; tenth < 10; tenth++)
      for (const event of extremeEvents) {
        if (event === "heat" && (month === months[0] || tenth > 6)) continue;
        const counts = { n: 20, oddsSum: 2 * tenth + 1, came: 2 * tenth };
        rows.extremeOdds.push({ stationId, event, windowNumber: 1, month, tenth, ...counts });
      }
  }
}

/** Paired losses of every day scored, and the worst misses of a few. */
export function addDays(rows: Rows, place: Place, from: number, to: number): void {
  const { stationId, quantiles } = place;
  for (const variable of variables)
    for (const leadHours of reportedLeads)
      for (let time = from; time <= to; time += dayMs) {
        const weather = 1 + 0.5 * jitter(time / dayMs + leadHours);
        const publishedMae = hundredths(maeC("mixture", 1, variable, leadHours) * weather);
        for (const model of comparedBaselines) {
          const factor = errorFactors[model];
          if (factor === undefined) continue;
          if (isGuidance(model) && !(hasGuidance(place, model) && time > to - guidanceDays[variable] * dayMs)) continue;
          const mae = maeC(model, factor, variable, leadHours) * weather;
          const paired = { n: 24, mae: hundredths(mae + 0.2 * jitter(time / dayMs + mae)), publishedMae };
          rows.dailyLosses.push({ stationId, variable, leadHours, model, day: time, ...paired });
        }
        if ((time - from) % (9 * dayMs) !== 0) continue;
        const validTime = time + 15 * hourMs;
        const forecastC = hundredths(10 * jitter(time / dayMs + 3));
        const observedC = hundredths(forecastC - 3 * publishedMae * (time % (2 * dayMs) === 0 ? 1 : -1));
        const half = quantiles ? hundredths(2 * publishedMae) : null;
        const bounds = { p025: half && hundredths(forecastC - half), p975: half && hundredths(forecastC + half) };
        rows.worstMisses.push({ stationId, variable, leadHours, validTime, forecastC, observedC, ...bounds });
      }
}

/** Persistence is the best an hour ahead, so that the pages have something to own up to. */
function maeC(model: ModelName, factor: number, variable: Variable, leadHours: number): number {
  const known = model === "persistence" && leadHours === 1 ? 0.9 : factor;
  return (variable === "dewPoint" ? 0.9 : 1) * known * (0.4 + 0.5 * Math.sqrt(leadHours) * 0.8);
}
