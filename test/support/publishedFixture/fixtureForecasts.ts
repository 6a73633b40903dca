import { extremeKinds, firstEnd, windowCount, windowLengths } from "../../../src/model/extremes/windows.js";
import { guidanceHours } from "../../../src/model/features/guidanceHours.js";
import { columnOf, guidanceSources, quantileLevels, variables } from "../../../src/model/vocabulary.js";
import type { ForecastRow } from "../../../src/shared/published/forecastTables.js";
import { dayMs, hourMs, minuteMs, standardOffset } from "../../../src/shared/time.js";
import { fixtureTemperature, guidanceOf, hundredths, type Place, type Rows } from "./fixturePlaces.js";

export function addForecasts(rows: Rows, place: Place, newest: number): void {
  if (place.quantiles) addDrawRanks(rows, place, newest);
  if (place.quantiles) addExtremes(rows, place, newest);
  const now = {
    temperature: fixtureTemperature(place, newest),
    dewPoint: hundredths(fixtureTemperature(place, newest) - 4),
  };
  for (let issuedTime = newest - 3 * dayMs; issuedTime <= newest; issuedTime += 3 * hourMs) {
    for (const variable of variables) {
      for (let leadHours = 1; leadHours <= 72; leadHours++) {
        const madeTime = issuedTime + (issuedTime === newest - 12 * hourMs ? 190 : 8) * minuteMs;
        const key = { stationId: place.stationId, issuedTime, madeTime, leadHours, variable };
        const truth = fixtureTemperature(place, issuedTime + leadHours * hourMs) - (variable === "dewPoint" ? 4 : 0);
        const error = spreadC(leadHours) * Math.sin(issuedTime / dayMs + leadHours / 9) * 0.8;
        rows.forecasts.push({
          ...key,
          model: "mixture",
          ...quantiles(hundredths(truth + error), leadHours, place.quantiles),
        });
        if (issuedTime !== newest) continue;
        addExplanation(rows, { ...key, valueC: hundredths(truth + error) }, now[variable]);
        const dayBefore =
          fixtureTemperature(place, newest + (((leadHours - 1) % 24) - 23) * hourMs) -
          (variable === "dewPoint" ? 4 : 0);
        for (const [model, valueC] of [
          ["persistence", now[variable]],
          ["seasonalNaive", hundredths(dayBefore)],
          ["climatology", place.meanC],
        ] as const) {
          rows.forecasts.push({ ...key, model, ...quantiles(valueC, leadHours, false) });
        }
      }
    }
  }
}

/** The station in a network, and what the others add to its forecast. */
const inNetwork = "USW00026451";
const sharesAround = {
  "warmer air 500 km to the west-northwest": 0.12,
  "drier air nearby": -0.03,
  "warming 200 km to the west-southwest": 0.05,
  "colder air 1800 km to the north": -0.02,
  "moister air 1000 km to the south": 0.01,
  "lower pressure 1000 km to the west-northwest": 0.06,
  "pressure falling 500 km to the west-northwest": -0.08,
  "air carried by the wind": 0.04,
};

/** Parts that add up to the forecast, of every group but saturation. */
function addExplanation(
  rows: Rows,
  { valueC, ...key }: Pick<ForecastRow, "stationId" | "issuedTime" | "leadHours" | "variable"> & { valueC: number },
  nowC: number,
): void {
  const change = valueC - nowC;
  const shares: Record<string, number> = {
    "T₋3": 0.05,
    "T₋12": -0.02,
    "T₋24": 0.18,
    mean24: -0.08,
    "Td₋0": 0.04,
    "sin day": 0.5,
    "(T - T₋₂₄) × cos day": 0.2,
    constant: 0.06,
    pressure: -0.03,
    "wind speed": 0.04,
    cloud: -0.09,
    "random features": 0.07,
  };
  if (key.stationId === inNetwork) Object.assign(shares, sharesAround);
  let left = change;
  rows.explanations.push({ ...key, part: "now", contributionC: nowC });
  for (const [part, share] of Object.entries(shares)) {
    const contributionC = hundredths(share * change);
    left -= contributionC;
    if (contributionC !== 0) rows.explanations.push({ ...key, part, contributionC });
  }
  rows.explanations.push({ ...key, part: "usual level", contributionC: hundredths(left) });
}

/** Ranks of draws that rise and fall slowly, each in its own time. */
function addDrawRanks(rows: Rows, { stationId, timeZone }: Place, issuedTime: number): void {
  const count = 40;
  const ranks = Buffer.alloc(count * 72);
  for (let lead = 1; lead <= 72; lead++) {
    const warmth = (draw: number) => Math.sin(2.4 * draw) + Math.sin(5 * draw + (lead * (1 + (draw % 3))) / 20);
    const order = Array.from({ length: count }, (_, draw) => draw).sort((a, b) => warmth(a) - warmth(b));
    for (const [rank, draw] of order.entries()) ranks[draw * 72 + lead - 1] = rank;
  }
  const utcOffsetHours = Math.round(standardOffset(issuedTime, timeZone) / hourMs);
  rows.drawRanks.push({
    stationId,
    issuedTime,
    utcOffsetHours,
    days: count,
    draws: count,
    ranks: ranks.toString("base64"),
  });
}

/** Threshold of heat of all stations. */
const heatThresholdC = 33;

/** The newest forecasts of lows and highs: the truth with quantiles around it. */
function addExtremes(rows: Rows, { stationId, ...place }: Place, issuedTime: number): void {
  for (const [k, kind] of extremeKinds.entries())
    for (let window = 0; window < windowCount; window++) {
      const lead =
        firstEnd(k, issuedTime / hourMs, Math.round(standardOffset(issuedTime, place.timeZone) / hourMs)) + 24 * window;
      const hours = Array.from({ length: windowLengths[k]! + 1 }, (_, i) => issuedTime + (lead - i) * hourMs);
      const temperatures = hours.map((time) => fixtureTemperature({ stationId, ...place }, time));
      const truth = kind === "low" ? Math.min(...temperatures) : Math.max(...temperatures);
      const at = (level: keyof typeof normalQuantiles) => hundredths(truth + spreadC(lead) * normalQuantiles[level]);
      const levels = { p025: at("p025"), p10: at("p10"), p25: at("p25"), p50: at("p50") };
      const upper = { p75: at("p75"), p90: at("p90"), p975: at("p975") };
      const heatC = kind === "high" ? heatThresholdC : null;
      rows.extremes.push({
        ...{ stationId, issuedTime, kind, endTime: issuedTime + lead * hourMs, ...levels, ...upper },
        heatC,
      });
    }
}

const normalQuantiles = { p025: -1.96, p10: -1.2816, p25: -0.6745, p50: 0, p75: 0.6745, p90: 1.2816, p975: 1.96 };

function quantiles(valueC: number, leadHours: number, known: boolean) {
  const levels = Object.keys(quantileLevels) as (keyof typeof quantileLevels)[];
  const at = (level: keyof typeof quantileLevels) => hundredths(valueC + spreadC(leadHours) * normalQuantiles[level]);
  return {
    valueC,
    ...(Object.fromEntries(levels.map((level) => [level, known ? at(level) : null])) as Record<
      keyof typeof quantileLevels,
      number | null
    >),
  };
}

/**
 * Two runs of each source of guidance, the newer one public the hour before the newest observation, and between them one that
 * changed nothing. From 26 hours on NBM has only every third hour.
 */
export function addGuidance(rows: Rows, place: Place, newest: number): void {
  const { stationId } = place;
  for (const source of guidanceOf(place)) {
    const known = new Map<number, number>();
    for (const [publicHours, runHours] of [
      [7, 9],
      [4, 9],
      [1, 3],
    ] as const) {
      const [issuedTime, runTime] = [newest - publicHours * hourMs, newest - runHours * hourMs];
      const key = { stationId, source, issuedTime };
      const times = { runTime, publicTime: issuedTime + 20 * minuteMs, imported: false };
      const add = (hour: { leadHours: number | null; temperatureC: number | null; dewPointC: number | null }) => {
        const temperatureSpreadC = source === "nbm" && hour.leadHours !== null ? spreadC(hour.leadHours) : null;
        rows.guidance.push({ ...key, ...times, ...hour, temperatureSpreadC, entry: publicHours === 1 ? 2 : 1 });
        rows.learnedGuidance.push({ ...key, ...hour });
      };
      let isChanged = false;
      for (let ahead = runHours - publicHours + 1; ahead <= 80; ahead++) {
        const validTime = runTime + ahead * hourMs;
        if (source === "nbm" && ahead > 25 && validTime % (3 * hourMs) !== 0) continue;
        const temperatureC = hundredths(fixtureTemperature(place, validTime) + spreadC(ahead) * biasOf[source]);
        if (known.get(validTime) === temperatureC) continue;
        known.set(validTime, temperatureC);
        isChanged = true;
        const leadHours = (validTime - issuedTime) / hourMs;
        add({ leadHours, temperatureC, dewPointC: hundredths(temperatureC - 4) });
      }
      if (!isChanged) add({ leadHours: null, temperatureC: null, dewPointC: null });
    }
    addGuidanceForecast(rows, place, newest, source);
  }
}

/** How warm guidance is, as a share of its spread. */
const biasOf = { nbm: -0.2, nws: 0.3 };

/** The newest guidance as the forecast of a model. */
function addGuidanceForecast(rows: Rows, { stationId }: Place, issuedTime: number, model: "nbm" | "nws"): void {
  const own = rows.learnedGuidance
    .filter((row) => row.stationId === stationId && row.source === model)
    .map((row) => ({ ...row, issuedHour: row.issuedTime / hourMs }));
  const values = guidanceHours(own, issuedTime / hourMs, issuedTime / hourMs)[guidanceSources.indexOf(model)]!;
  for (const [v, variable] of variables.entries())
    for (let leadHours = 1; leadHours <= 72; leadHours++) {
      const valueC = Math.round(values[columnOf(v, leadHours)]! * 10) / 10;
      const key = { stationId, issuedTime, madeTime: issuedTime + 8 * minuteMs, leadHours, variable };
      rows.forecasts.push({ ...key, model, ...quantiles(valueC, leadHours, false) });
    }
}

function spreadC(leadHours: number): number {
  return 0.5 + 2.5 * Math.sqrt(leadHours / 72);
}
