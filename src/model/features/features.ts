import { cosTurns, sinTurns } from "../arithmetic/deterministicMath.js";
import { positionIn, yearTurns } from "../calendar.js";
import { guidanceSources } from "../vocabulary.js";
import { coverageHours, type History } from "./history.js";
import { NetworkFeatures } from "./networkFeatures.js";

/** Default lags of temperature in the full features, in hours. */
export const temperatureLags: readonly number[] = [
  0, 1, 2, 3, 4, 6, 9, 12, 18, 21, 22, 23, 24, 25, 26, 36, 47, 48, 71, 95,
];
/** The longest lag allowed: the hours over which coverage is counted. */
export const longestLag = coverageHours;
const dewPointLags = [0, 1, 3, 24];
const depressionLags = [0, 6, 12];

/** Hours over which past temperatures are averaged. */
export const meanHours = [24, 168] as const;

/** Number of harmonics of the day and of the year. */
export const harmonicsOfDay = 3;
export const harmonicsOfYear = 2;

/** Names of the harmonics, in the order of `harmonicsOf`. */
export const harmonicNames = [
  "cos day",
  "sin day",
  "cos 2·day",
  "sin 2·day",
  "cos 3·day",
  "sin 3·day",
  "cos year",
  "sin year",
  "cos 2·year",
  "sin 2·year",
  ...["cos day", "sin day", "cos 2·day", "sin 2·day"].flatMap((day) => [`${day} × cos year`, `${day} × sin year`]),
] as const;
export const harmonicCount = harmonicNames.length;

/** A cache of harmonics by hour, because the same hours are needed again at every lead. */
const cacheSize = 128;
const cachedHours = new Float64Array(cacheSize).fill(Number.NaN);
const cachedShifts = new Float64Array(cacheSize);
const cachedHarmonics = new Float64Array(cacheSize * harmonicCount);

/**
 * Writes the harmonics of the day and the year, and the products that let the daily cycle change with the season.
 * @param shift hours that the day is ahead of UTC
 */
export function harmonicsOf(hour: number, out: Float64Array, offset = 0, shift = 0): void {
  const slot = positionIn(cacheSize, hour);
  const from = slot * harmonicCount;
  if (cachedHours[slot] !== hour || cachedShifts[slot] !== shift) {
    computeHarmonics(hour, shift, cachedHarmonics, from);
    cachedHours[slot] = hour;
    cachedShifts[slot] = shift;
  }
  for (let i = 0; i < harmonicCount; i++) out[offset + i] = cachedHarmonics[from + i];
}

function computeHarmonics(hour: number, shift: number, out: Float64Array, offset: number): void {
  const day = (hour + shift) / 24;
  const year = yearTurns(hour);
  const ofYear = offset + 2 * harmonicsOfDay;
  const products = ofYear + 2 * harmonicsOfYear;
  for (let k = 0; k < harmonicsOfDay; k++) {
    out[offset + 2 * k] = cosTurns((k + 1) * day);
    out[offset + 2 * k + 1] = sinTurns((k + 1) * day);
  }
  for (let k = 0; k < harmonicsOfYear; k++) {
    out[ofYear + 2 * k] = cosTurns((k + 1) * year);
    out[ofYear + 2 * k + 1] = sinTurns((k + 1) * year);
  }
  // The first two harmonics of the day, each times the cosine and the sine of the year.
  for (let i = 0; i < 4; i++) {
    out[products + 2 * i] = out[offset + i] * out[ofYear];
    out[products + 2 * i + 1] = out[offset + i] * out[ofYear + 1];
  }
}

export const anomalyNames = ["T - T₋₂₄", "mean24 - mean168", "T - mean24", "T - T₋₃", "mean24"];
const dayNames = harmonicNames.slice(0, 4);

/** Names of the full features for a choice of lags, and the indices of the newest temperature and dew point. */
export interface FeatureLayout {
  lags: readonly number[];
  names: readonly string[];
  newestTemperature: number;
  newestDewPoint: number;
}

/** @param lags hours, ascending, from 0 (the newest temperature, needed by every forecast) to `longestLag` */
export function featureLayout(lags: readonly number[] = temperatureLags): FeatureLayout {
  const ascending = lags.every(
    (lag, i) => Number.isInteger(lag) && lag <= longestLag && (i === 0 || lag > lags[i - 1]!),
  );
  if (!ascending || lags[0] !== 0) throw new Error(`lags must be whole hours, ascending from 0 to ${longestLag}`);
  const names = namesOf(lags);
  return { lags, names, newestTemperature: names.indexOf("T₋0"), newestDewPoint: names.indexOf("Td₋0") };
}

const namesOf = (lags: readonly number[]): readonly string[] => [
  "constant",
  ...lags.map((lag) => `T₋${lag}`),
  "mean24",
  "mean24 a day ago",
  "mean168",
  "mean of 15 days",
  ...dewPointLags.map((lag) => `Td₋${lag}`),
  ...depressionLags.map((lag) => `T-Td₋${lag}`),
  "T-Td mean24",
  ...dayNames.map((day) => `T-Td × ${day}`),
  ...harmonicNames,
  ...anomalyNames.flatMap((anomaly) => dayNames.map((day) => `(${anomaly}) × ${day}`)),
  "pressure",
  "pressure change of 3 h",
  "pressure change of 12 h",
  "pressure change of 24 h",
  "wind towards east",
  "wind towards north",
  "wind speed",
  ...dayNames.map((day) => `wind speed × ${day}`),
  "cloud",
  ...dayNames.map((day) => `cloud × ${day}`),
];
/** Names of the features of the published model, in order. */
export const featureNames = namesOf(temperatureLags);
export const featureCount = featureNames.length;

/** °C of one scaled unit of a temperature or dew point. */
export const temperatureScale = 10;
const differenceScale = 5;

/** Whether a feature is a temperature or dew point itself, in units of `temperatureScale`. */
export function isTemperature(feature: string): boolean {
  return /^Td?₋\d+$|^mean[^×]*$/.test(feature);
}

/** Dew-point depression assumed while no dew point has been reported, °C. */
export const usualDepression = 7;

/** The features that experts share, computed once per hour. */
export class HourFeatures {
  /** The features that the layout names, scaled by fixed constants. */
  readonly full: Float64Array;
  /** The inputs of the random features. */
  readonly weather = new Float64Array(weatherInputCount);
  /** The features of the regressions of one hour of the day. */
  readonly hourly = new Float64Array(hourlyFeatureNames.length);
  /** The features of the fields around the station; they stay 0 outside a network. */
  readonly network = new NetworkFeatures();
  /** Harmonics at the hour of issue. */
  readonly harmonics = new Float64Array(harmonicCount);
  /** By source, the guidance at the hour of issue, by column, °C, NaN where missing; null when there is none. */
  guidance: (Float32Array | null)[] = guidanceSources.map(() => null);
  /** Whether the thermometer is stuck: forecasts from this hour are not learned. */
  isStuck = false;
  private readonly lags: readonly number[];
  /** Where `hourly` finds its features among the full ones. */
  private readonly hourlyPlaces: readonly number[];
  /** Hours that solar time is ahead of UTC. */
  private readonly solarHours: number;

  /** @param longitude degrees; 0 for harmonics of the UTC day */
  constructor({ lags, names }: FeatureLayout = featureLayout(), longitude = 0) {
    this.solarHours = longitude / 15;
    this.lags = lags;
    this.full = new Float64Array(names.length);
    this.hourlyPlaces = hourlyFromFull.map((name) => names.indexOf(name));
  }

  compute(history: History): void {
    const x = this.full;
    const t0 = history.temperatureAt(0);
    const [mean24, mean168] = meanHours.map((hours) => history.temperatureMean(0, hours)) as [number, number];
    const harmonics = this.harmonics;
    harmonicsOf(history.hour, harmonics, 0, this.solarHours);

    let i = 0;
    x[i++] = 1;
    for (const lag of this.lags) x[i++] = history.temperatureAt(lag) / temperatureScale;
    x[i++] = mean24 / temperatureScale;
    x[i++] = history.temperatureMean(24, 24) / temperatureScale;
    x[i++] = mean168 / temperatureScale;
    x[i++] = history.slowMean / temperatureScale;
    for (const lag of dewPointLags) x[i++] = dewPoint(history, lag) / temperatureScale;
    for (const lag of depressionLags) x[i++] = depression(history, lag) / differenceScale;
    const meanDewPoint = history.dewPointMean(24);
    x[i++] = (Number.isNaN(meanDewPoint) ? usualDepression : mean24 - meanDewPoint) / differenceScale;
    const depression0 = depression(history, 0) / differenceScale;
    for (let k = 0; k < 4; k++) x[i++] = depression0 * harmonics[k];
    for (let k = 0; k < harmonicCount; k++) x[i++] = harmonics[k];
    const t1 = history.temperatureAt(1);
    const t3 = history.temperatureAt(3);
    const t24 = history.temperatureAt(24);
    i = writeByDay(x, i, (t0 - t24) / differenceScale, harmonics);
    i = writeByDay(x, i, (mean24 - mean168) / differenceScale, harmonics);
    i = writeByDay(x, i, (t0 - mean24) / differenceScale, harmonics);
    i = writeByDay(x, i, (t0 - t3) / differenceScale, harmonics);
    i = writeByDay(x, i, mean24 / temperatureScale, harmonics);
    // Quantities that a station does not report are 0, which leaves their weights unchanged.
    const pressure = history.helperAt("pressure", 0);
    const east = orZero(history.helperAt("windEast", 0) / 5);
    const north = orZero(history.helperAt("windNorth", 0) / 5);
    const speed = history.helperAt("windSpeed", 0);
    const cloud = orZero((history.helperAt("cloud", 0) - 4) / 4);
    const tendency = orZero((pressure - history.helperAt("pressure", 3)) / 3);
    x[i++] = orZero((pressure - 1013) / 10);
    x[i++] = tendency;
    x[i++] = orZero((pressure - history.helperAt("pressure", 12)) / 8);
    x[i++] = orZero((pressure - history.helperAt("pressure", 24)) / 10);
    x[i++] = east;
    x[i++] = north;
    x[i++] = orZero((speed - 4) / 4);
    i = writeByDay(x, i, orZero((speed - 4) / 4), harmonics);
    x[i++] = cloud;
    writeByDay(x, i, cloud, harmonics);

    const z = this.weather;
    z[0] = (t0 - mean24) / 5;
    z[1] = (mean24 - mean168) / 5;
    z[2] = (t0 - t1) / 1.5;
    z[3] = (t0 - t3) / 4;
    z[4] = (t0 - t24) / 6;
    z[5] = (depression(history, 0) - 7) / 6;
    z[6] = (history.temperatureAt(6) - mean24) / 5;
    z[7] = (mean24 - 12) / 10;
    z[8] = (dewPoint(history, 0) - dewPoint(history, 6)) / 3;
    for (let k = 0; k < 4; k++) z[9 + k] = harmonics[k];
    z[13] = harmonics[6];
    z[14] = harmonics[7];
    z[15] = east;
    z[16] = north;
    z[17] = tendency;
    z[18] = cloud;

    const s = this.hourly;
    s[0] = 1;
    hourlyLags.forEach((lag, k) => {
      s[1 + k] = history.temperatureAt(lag) / temperatureScale;
    });
    this.hourlyPlaces.forEach((place, k) => {
      s[1 + hourlyLags.length + k] = x[place];
    });
  }

  /** Computes the network's features of the hour of issue. Call it after `compute`. @param fields point × field */
  computeNetwork(fields: ArrayLike<number>): void {
    this.network.compute(fields, this.harmonics[0], this.harmonics[1]);
  }
}

/** The regressions of one hour of the day see these lags of temperature, and some of the full features. */
const hourlyLags = [0, 1, 2, 3, 6, 12, 24];
const hourlyFromFull = [
  "mean24",
  "mean168",
  "mean of 15 days",
  "Td₋0",
  "Td₋1",
  "Td₋24",
  ...depressionLags.map((lag) => `T-Td₋${lag}`),
  "T-Td mean24",
  ...harmonicNames.slice(6, 10),
  "pressure change of 3 h",
  "pressure change of 12 h",
  "wind towards north",
  "wind speed",
  "wind speed × cos day",
  "cloud × cos day",
];
/** Names of their features, in order. */
export const hourlyFeatureNames: readonly string[] = [
  "constant",
  ...hourlyLags.map((lag) => `T₋${lag}`),
  ...hourlyFromFull,
];

/** Number of inputs of the random features. */
export const weatherInputCount = 19;

function dewPoint(history: History, lag: number): number {
  const value = history.dewPointAt(lag);
  return Number.isNaN(value) ? history.temperatureAt(lag) - usualDepression : value;
}

function depression(history: History, lag: number): number {
  return history.temperatureAt(lag) - dewPoint(history, lag);
}

/** 0 for NaN: a missing input has no effect on a linear model. */
export function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** Writes the products of `value` and the harmonics of the day to `x` from index `at`. Returns the next index. */
function writeByDay(x: Float64Array, at: number, value: number, harmonics: Float64Array): number {
  let i = at;
  for (let k = 0; k < 4; k++) x[i++] = value * harmonics[k];
  return i;
}
