import type { Stateful } from "../arithmetic/state.js";

/**
 * What the drift alarms watch. One hour ahead a change of units shows at once, but forecasts have followed a moved
 * sensor within the hour; a day ahead they take days to follow it. There errors hang together for days by nature, hence
 * the limit and the threshold: years of Denver and Dallas gave no excess above 127, and 10 °C more there mostly gave 150
 * within a week, a change of units 180 within three days.
 */
export const watchedLeads = [
  { leadHours: 1, threshold: 40, limit: Number.POSITIVE_INFINITY, warmUp: 0 },
  { leadHours: 24, threshold: 135, limit: 6, warmUp: 720 },
];

/**
 * Two-sided Page-Hinkley test on standardised errors: an alarm when they have been on one side of their running mean
 * for longer than chance allows (a sensor moved, units changed). It says so and starts over; it resets no model.
 * Page 1954; Gama et al., A survey on concept drift adaptation, 2014.
 */
export class DriftAlarm implements Stateful {
  /** n, running mean, cumulated upward and downward excess */
  private readonly sums = new Float64Array(4);
  readonly state = [this.sums];

  /**
   * @param threshold cumulated excess, in standard deviations, that alarms
   * @param limit one error counts for no more than this, in standard deviations
   * @param warmUp errors of which only the mean is taken, at first and after an alarm
   * @param tolerance excess of one error taken as chance
   */
  constructor(
    private readonly threshold = 40,
    private readonly limit = Number.POSITIVE_INFINITY,
    private readonly warmUp = 0,
    private readonly tolerance = 0.5,
  ) {}

  /** Starts over. */
  reset(): void {
    this.sums.fill(0);
  }

  /** Takes one standardised error in. Returns 1 (forecasts too high), -1 (too low) or 0. */
  add(error: number): -1 | 0 | 1 {
    const s = this.sums;
    const bounded = Math.max(-this.limit, Math.min(this.limit, error));
    s[0] += 1;
    s[1] += (bounded - s[1]) * Math.max(0.0005, 1 / s[0]);
    if (s[0] <= this.warmUp) return 0;
    s[2] = Math.max(0, s[2] + bounded - s[1] - this.tolerance);
    s[3] = Math.max(0, s[3] - bounded + s[1] - this.tolerance);
    const side = s[2] > this.threshold ? 1 : s[3] > this.threshold ? -1 : 0;
    if (side !== 0) this.reset();
    return side;
  }
}
