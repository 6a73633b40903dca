import { placeIn } from "./calendar.js";
import { maxLeadHours } from "./vocabulary.js";

/**
 * Where what was issued for each lead waits until it comes due. A value for lead h is read h hours after it was
 * written, so lead h needs h places: at hour t its place `t mod h` holds what was issued at t-h, and is overwritten
 * with what is issued at t.
 */
export const delayLength = (maxLeadHours * (maxLeadHours + 1)) / 2;

/** The place of lead `leadHours` (1 to 72) at an hour. */
export function delayPlace(hour: number, leadHours: number): number {
  return (leadHours * (leadHours - 1)) / 2 + placeIn(leadHours, hour);
}
