import { cosTurns, sinTurns } from "../arithmetic/deterministicMath.js";
import type { Stateful } from "../arithmetic/state.js";
import { quantities } from "../vocabulary.js";

const size = 256; // a power of two above the longest lag
const mask = size - 1;

/** A longer gap, in hours, restarts the history: values from before it say nothing about now. */
const longestGap = 168;

/** Hours over which coverage is counted, and how many of them must be observed before lags are trusted. */
export const coverageHours = 168;
const coverageNeeded = 84;

/** Hours over which the slow mean of temperature averages. */
export const slowMeanHours = 360;

/** Further inputs ("helpers") as stored: wind also as components towards east and north. */
export const helpers = ["pressure", "windEast", "windNorth", "windSpeed", "cloud"] as const;
export type Helper = (typeof helpers)[number];
/** A gap in a helper is filled with its last value for up to this many hours. */
const longestHelperGap = 6;
const pressureQuantity = quantities.indexOf("seaLevelPressure");
const speedQuantity = quantities.indexOf("windSpeed");
const directionQuantity = quantities.indexOf("windDirection");
const cloudQuantity = quantities.indexOf("cloudCover");

/**
 * The recent past of a station, hour by hour. Gaps are filled with the last value. Lags count back from the newest
 * hour. Every value is NaN before the first observation. The first temperature fills the past; the first dew point
 * does not, so that looking back from an earlier hour gives the same values as at that hour.
 */
export class History implements Stateful {
  private readonly temperature = new Float64Array(size).fill(Number.NaN);
  private readonly dewPoint = new Float64Array(size).fill(Number.NaN);
  private readonly observed = new Uint32Array(size);
  /** helper × hour; `helperAges` are the hours since each was last observed */
  private readonly helperValues = new Float64Array(helpers.length * size).fill(Number.NaN);
  private readonly helperAges = new Float64Array(helpers.length).fill(Number.POSITIVE_INFINITY);
  /** mean of temperature with exponential weights of `slowMeanHours`, at each hour */
  private readonly slowMeans = new Float64Array(size).fill(Number.NaN);
  /** newest hour, hours since the last temperature, observed hours of the last 168 */
  private readonly scalars = new Float64Array([Number.NaN, Number.POSITIVE_INFINITY, 0]);
  readonly state = [
    this.temperature,
    this.dewPoint,
    this.observed,
    this.helperValues,
    this.helperAges,
    this.slowMeans,
    this.scalars,
  ];

  /** The hour that lags count back from. */
  private from = Number.NaN;

  /** Newest hour (since 1970), NaN before the first. */
  get newestHour(): number {
    return this.scalars[0];
  }

  /** The hour that lags count back from: the newest unless `lookFrom` changed it. */
  get hour(): number {
    return this.from;
  }

  /** Looks back from an earlier hour, at most 72 before the newest, until the next hour is pushed. */
  lookFrom(hour: number): void {
    this.from = hour;
  }

  /** Whether enough hours of the last week were observed to trust lags and means. */
  get covered(): boolean {
    return this.scalars[2] >= coverageNeeded;
  }

  /** Mean of temperature with exponential weights of `slowMeanHours`, °C. */
  get slowMean(): number {
    return this.slowMeans[this.from & mask];
  }

  /** Adds the next hour: values in the order and units of `quantities`, NaN or absent where missing. */
  push(hour: number, values: ArrayLike<number>): void {
    const temperatureC = values[0];
    const dewPointC = values[1];
    const scalars = this.scalars;
    const slot = hour & mask;
    const before = (hour - 1) & mask;
    const present = !Number.isNaN(temperatureC);
    if (present && scalars[1] > longestGap) {
      this.temperature.fill(temperatureC);
      this.dewPoint.fill(!Number.isNaN(dewPointC) ? dewPointC : Number.NaN);
      this.observed.fill(0);
      this.slowMeans.fill(temperatureC);
      scalars[2] = 0;
    }
    this.pushHelpers(hour, values);
    scalars[0] = hour;
    this.from = hour;
    scalars[1] = present ? 1 : scalars[1] + 1;
    scalars[2] += (present ? 1 : 0) - this.observed[(hour - coverageHours) & mask];
    this.observed[slot] = present ? 1 : 0;
    const t = present ? temperatureC : this.temperature[before];
    this.temperature[slot] = t;
    const slowMean = this.slowMeans[before];
    this.slowMeans[slot] = present ? slowMean + (temperatureC - slowMean) / slowMeanHours : slowMean;
    // A dew point can't be above the temperature, so a carried one is capped by it.
    this.dewPoint[slot] = Number.isNaN(dewPointC) ? Math.min(this.dewPoint[before], t) : dewPointC;
  }

  private pushHelpers(hour: number, values: ArrayLike<number>): void {
    const speed = values[speedQuantity] ?? Number.NaN;
    const direction = values[directionQuantity] ?? Number.NaN;
    // Directions are those the wind comes from. Without a direction the components are 0.
    const turns = direction / 360;
    const steady = !Number.isNaN(speed) && !Number.isNaN(direction);
    this.pushHelper(0, hour, values[pressureQuantity]);
    this.pushHelper(1, hour, steady ? -speed * sinTurns(turns) : speed * 0);
    this.pushHelper(2, hour, steady ? -speed * cosTurns(turns) : speed * 0);
    this.pushHelper(3, hour, speed);
    this.pushHelper(4, hour, values[cloudQuantity]);
  }

  private pushHelper(helper: number, hour: number, value: number = Number.NaN): void {
    const at = helper * size;
    const missing = Number.isNaN(value);
    this.helperAges[helper] = missing ? this.helperAges[helper] + 1 : 0;
    const carried =
      this.helperAges[helper] <= longestHelperGap ? this.helperValues[at + ((hour - 1) & mask)] : Number.NaN;
    this.helperValues[at + (hour & mask)] = missing ? carried : value;
  }

  /** A helper `lag` hours before the newest hour; NaN where a gap is too long to fill. */
  helperAt(helper: Helper, lag: number): number {
    return this.helperValues[helpers.indexOf(helper) * size + ((this.from - lag) & mask)];
  }

  /** Temperature `lag` hours before the newest hour, °C. */
  temperatureAt(lag: number): number {
    return this.temperature[(this.from - lag) & mask];
  }

  /** Dew point `lag` hours before the newest hour, °C; NaN before the first one observed. */
  dewPointAt(lag: number): number {
    return this.dewPoint[(this.from - lag) & mask];
  }

  /** Mean temperature of `count` hours ending `lag` hours before the newest, °C. */
  temperatureMean(lag: number, count: number): number {
    let sum = 0;
    const newest = this.from - lag;
    for (let i = 0; i < count; i++) sum += this.temperature[(newest - i) & mask];
    return sum / count;
  }

  /** Mean dew point of the last `count` hours, °C. */
  dewPointMean(count: number): number {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += this.dewPoint[(this.from - i) & mask];
    return sum / count;
  }
}
