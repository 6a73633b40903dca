import { normalShare, segmentOf } from "../extremes/quantiles.js";
import { maxLeadHours, type QuantileName, quantileCount, quantileNames } from "../vocabulary.js";
import type { DrawRanks } from "./rankHistory.js";

/**
 * Draws of the temperatures of the next 72 hours, each equally likely: at every lead they are the quantiles at the levels
 * (rank + ½) / count, so that each hour is as the forecast says, and from hour to hour they go on as the last days did.
 * @param quantiles lead × quantile, °C; NaN, or left out at the end, where there are none
 * @param draws where the draws are written, draw × lead, °C; NaN where there are no quantiles
 */
export function drawsOf(
  { ranks, count }: Pick<DrawRanks, "ranks" | "count">,
  quantiles: ArrayLike<number>,
  draws = new Float32Array(count * maxLeadHours),
): Float32Array {
  draws.fill(Number.NaN);
  const { from, share } = placesOf(count);
  const values = new Float32Array(count);
  for (let lead = 0; lead < maxLeadHours && (lead + 1) * quantileCount <= quantiles.length; lead++) {
    const at = lead * quantileCount;
    for (let rank = 0; rank < count; rank++) {
      const low = quantiles[at + from[rank]!]!;
      values[rank] = low + share[rank]! * (quantiles[at + from[rank]! + 1]! - low);
    }
    for (let draw = 0; draw < count; draw++)
      draws[draw * maxLeadHours + lead] = values[ranks[draw * maxLeadHours + lead]!]!;
  }
  return draws;
}

/** The quantiles of forecast hours as `drawsOf` takes them: lead × quantile, NaN where there are none. */
export function quantilesByLead(
  hours: readonly (Record<QuantileName, number | null> & { leadHours: number })[],
): Float32Array {
  const quantiles = new Float32Array(maxLeadHours * quantileCount).fill(Number.NaN);
  for (const hour of hours)
    for (const [q, name] of quantileNames.entries())
      quantiles[(hour.leadHours - 1) * quantileCount + q] = hour[name] ?? Number.NaN;
  return quantiles;
}

interface Places {
  /** By rank: the issued quantile below, and the share of the way to the next. */
  from: Uint8Array;
  share: Float64Array;
}
const placesByCount = new Map<number, Places>();

/** Where the levels (rank + ½) / count lie between the issued quantiles, linear in the normal score. */
function placesOf(count: number): Places {
  let places = placesByCount.get(count);
  if (!places) {
    const segments = Array.from({ length: count }, (_, rank) => segmentOf(normalScore((rank + 0.5) / count)));
    places = {
      from: Uint8Array.from(segments, ({ from }) => from),
      share: Float64Array.from(segments, ({ share }) => share),
    };
    placesByCount.set(count, places);
  }
  return places;
}

/** The standard normal quantile at a level between 0 and 1, by halving. */
function normalScore(level: number): number {
  let [low, high] = [-8, 8];
  for (let i = 0; i < 48; i++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
