import type { Stateful } from "../arithmetic/state.js";
import { hourOfDay, positionIn } from "../calendar.js";

/** The quantities of a station that the network uses, in the order of the first `quantities`: °C, °C, hPa. */
export const networkQuantities = ["temperature", "dewPoint", "seaLevelPressure"] as const;
const [temperature, dewPoint, pressure] = [0, 1, 2];
const quantityCount = networkQuantities.length;

/** What a field shows of a station, in the order of every array of fields. */
export const fieldNames = ["T′", "T′ change of 6 h", "Td′", "p′", "p change of 3 h"] as const;
export const fieldCount = fieldNames.length;
const [temperatureUnit, pressureUnit, tendencyUnit] = [5, 8, 3];
/** A field of 1 is so many °C or hPa. */
export const fieldUnits = [temperatureUnit, temperatureUnit, temperatureUnit, pressureUnit, tendencyUnit] as const;

/** A station takes part while its newest temperature is at most so many hours old. */
const longestGap = 3;
/** Pressure is carried for so many hours. */
const longestPressureGap = 6;
/** Days that the usual value of an hour of the day averages over. */
const usualDays = 15;
const changeHours = 6;
const tendencyHours = 3;

/**
 * How unusual the weather is at each station of a network. An anomaly is a value minus the usual value of that hour of
 * the day (UTC): the exponentially weighted mean of past days. It is unknown until the second day.
 */
export class Anomalies implements Stateful {
  /** station × quantity × hour of the day: usual value and number of days */
  private readonly usual: Float64Array;
  private readonly days: Uint32Array;
  /** station × quantity: newest value, NaN before the first, and its age in hours */
  private readonly newest: Float64Array;
  private readonly ages: Float64Array;
  /** station × hour mod 6: temperature anomaly; station × hour mod 3: pressure; NaN where unknown */
  private readonly pastAnomalies: Float64Array;
  private readonly pastPressures: Float64Array;
  readonly state: Stateful["state"];
  /** station × field, scaled; NaN where unknown */
  readonly values: Float64Array;

  constructor(readonly stations: number) {
    this.usual = new Float64Array(stations * quantityCount * 24).fill(Number.NaN);
    this.days = new Uint32Array(stations * quantityCount * 24);
    this.newest = new Float64Array(stations * quantityCount).fill(Number.NaN);
    this.ages = new Float64Array(stations * quantityCount).fill(Number.POSITIVE_INFINITY);
    this.pastAnomalies = new Float64Array(stations * changeHours).fill(Number.NaN);
    this.pastPressures = new Float64Array(stations * tendencyHours).fill(Number.NaN);
    this.values = new Float64Array(stations * fieldCount).fill(Number.NaN);
    this.state = [this.usual, this.days, this.newest, this.ages, this.pastAnomalies, this.pastPressures];
  }

  /**
   * Adds the next hour.
   * @param hour hours since 1970
   * @param observed station × quantity, NaN where missing
   */
  step(hour: number, observed: ArrayLike<number>): void {
    for (let station = 0; station < this.stations; station++) {
      this.carry(station, observed);
      this.compute(station, hour);
      this.learn(station, hour, observed);
    }
  }

  private carry(station: number, observed: ArrayLike<number>): void {
    for (let at = station * quantityCount; at < (station + 1) * quantityCount; at++) {
      const isMissing = Number.isNaN(observed[at]);
      if (!isMissing) this.newest[at] = observed[at];
      this.ages[at] = isMissing ? this.ages[at] + 1 : 0;
    }
  }

  private compute(station: number, hour: number): void {
    const { newest, ages, values } = this;
    const at = station * quantityCount;
    const takesPart = ages[at + temperature] <= longestGap;
    const anomaly = (quantity: number) =>
      takesPart ? newest[at + quantity] - this.usual[(at + quantity) * 24 + hourOfDay(hour)] : Number.NaN;
    const hasPressure = ages[at + pressure] <= longestPressureGap;
    const pressureNow = hasPressure ? newest[at + pressure] : Number.NaN;
    const temperatureNow = anomaly(temperature);
    const anomalySlot = station * changeHours + positionIn(changeHours, hour);
    const pressureSlot = station * tendencyHours + positionIn(tendencyHours, hour);
    const out = station * fieldCount;
    values[out] = temperatureNow / temperatureUnit;
    values[out + 1] = (temperatureNow - this.pastAnomalies[anomalySlot]) / temperatureUnit;
    values[out + 2] = anomaly(dewPoint) / temperatureUnit;
    values[out + 3] = hasPressure ? anomaly(pressure) / pressureUnit : Number.NaN;
    values[out + 4] = takesPart ? (pressureNow - this.pastPressures[pressureSlot]) / tendencyUnit : Number.NaN;
    this.pastAnomalies[anomalySlot] = temperatureNow;
    this.pastPressures[pressureSlot] = pressureNow;
  }

  private learn(station: number, hour: number, observed: ArrayLike<number>): void {
    for (let quantity = 0; quantity < quantityCount; quantity++) {
      const value = observed[station * quantityCount + quantity];
      if (Number.isNaN(value)) continue;
      const at = (station * quantityCount + quantity) * 24 + hourOfDay(hour);
      this.days[at] += 1;
      this.usual[at] =
        this.days[at] === 1 ? value : this.usual[at] + (value - this.usual[at]) / Math.min(usualDays, this.days[at]);
    }
  }
}
