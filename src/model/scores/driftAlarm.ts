import type { Stateful } from "../arithmetic/state.js";

/**
 * The leads that drift alarms watch. One hour ahead, a change of units shows at once, but forecasts adapt to a moved
 * sensor within the hour; a day ahead they take days to adapt. Errors a day ahead are correlated over days, so they
 * are clipped and have a higher threshold: years of Denver and Dallas stayed below 127, a shift of 10 °C mostly reached 150
 * within a week, and a change of units 180 within three days.
 */
export const watchedLeads = [
  { leadHours: 1, threshold: 40, limit: Number.POSITIVE_INFINITY, warmUp: 0 },
  { leadHours: 24, threshold: 135, limit: 6, warmUp: 720 },
];

/** Fields of the test: number and running mean of the errors, cumulated upward and downward excess. */
const count = 0;
const mean = 1;
const upward = 2;
const downward = 3;
const sumFields = 4;

/**
 * Two-sided Page-Hinkley test on standardised errors: raises an alarm when they stay on one side of their running mean
 * for longer than chance allows (a sensor moved, units changed). The test then restarts; the model does not.
 * Page 1954; Gama et al., A survey on concept drift adaptation, 2014.
 */
export class DriftAlarm implements Stateful {
  private readonly sums = new Float64Array(sumFields);
  readonly state = [this.sums];

  /**
   * @param threshold cumulated excess, in standard deviations, that raises an alarm
   * @param limit larger errors are clipped to this, in standard deviations
   * @param warmUp number of errors, at the start and after an alarm, that only update the mean
   * @param tolerance excess of a single error that is ignored
   */
  constructor(
    private readonly threshold = 40,
    private readonly limit = Number.POSITIVE_INFINITY,
    private readonly warmUp = 0,
    private readonly tolerance = 0.5,
  ) {}

  /** Restarts the test. */
  reset(): void {
    this.sums.fill(0);
  }

  /** Adds a standardised error. Returns 1 when forecasts are too high, -1 when too low, else 0. */
  add(error: number): -1 | 0 | 1 {
    const { sums } = this;
    const clipped = Math.max(-this.limit, Math.min(this.limit, error));
    sums[count] += 1;
    sums[mean] += (clipped - sums[mean]) * Math.max(0.0005, 1 / sums[count]);
    if (sums[count] <= this.warmUp) return 0;
    sums[upward] = Math.max(0, sums[upward] + clipped - sums[mean] - this.tolerance);
    sums[downward] = Math.max(0, sums[downward] - clipped + sums[mean] - this.tolerance);
    const side = sums[upward] > this.threshold ? 1 : sums[downward] > this.threshold ? -1 : 0;
    if (side !== 0) this.reset();
    return side;
  }
}
