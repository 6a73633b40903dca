import { emptiness } from "../../model/network/fields.js";
import { pointCount, pointWeights } from "../../model/network/points.js";
import type { Station } from "../sources/source.js";
import { distanceKm } from "./noaaStations.js";

/** A station with known coordinates. */
export type Placed = Station & { latitude: number; longitude: number };

export function isPlaced(station: Station): station is Placed {
  return station.latitude !== null && station.longitude !== null;
}

export interface Choice {
  /** The configured stations, which lend their observations to each other. */
  configured: readonly Placed[];
  candidates: readonly Placed[];
  /** By how much a station's gain is multiplied; defaults to 1. */
  preference?: (station: Placed) => number;
  /** The largest distance to a configured station, km. */
  within: number;
  max: number;
}

/**
 * Chooses stations one after another, each the one that adds most: to Σ w/(w + 0.3), as in a field, over the 25 points around every
 * configured station, w being the sum of the weights of the network's stations at a point. The same candidates give the
 * same stations, whatever their order.
 */
export function chooseNetwork({ configured, candidates, preference = () => 1, within, max }: Choice): Placed[] {
  const sums = configured.map((centre) => {
    const others = configured.filter(({ stationId }) => stationId !== centre.stationId);
    return sumOf(others.map((other) => pointWeights(centre, other)));
  });
  const left = new Map(
    candidates
      .filter((candidate) => configured.some((centre) => kmBetween(centre, candidate) <= within))
      .sort((a, b) => (a.stationId < b.stationId ? -1 : 1))
      .map((candidate) => [candidate, configured.map((centre) => pointWeights(centre, candidate))]),
  );
  const chosen: Placed[] = [];
  while (chosen.length < max) {
    let [best, most] = [null as Placed | null, 0];
    for (const [candidate, weights] of left) {
      const gain = gainOf(sums, weights) * preference(candidate);
      if (gain > most) [best, most] = [candidate, gain];
    }
    if (best === null) break;
    left.get(best)!.forEach((weights, i) => {
      sums[i] = sumOf([sums[i]!, weights]);
    });
    left.delete(best);
    chosen.push(best);
  }
  return chosen;
}

function kmBetween(one: Placed, other: Placed): number {
  return distanceKm(one.latitude, one.longitude, other.latitude, other.longitude);
}

function sumOf(weights: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(pointCount);
  for (const one of weights) for (let point = 0; point < sum.length; point++) sum[point]! += one[point]!;
  return sum;
}

function gainOf(sums: readonly Float32Array[], added: readonly Float32Array[]): number {
  let gain = 0;
  for (let i = 0; i < sums.length; i++) {
    for (let point = 0; point < pointCount; point++) {
      const before = sums[i]![point]!;
      const after = before + added[i]![point]!;
      if (after > before) gain += after / (after + emptiness) - before / (before + emptiness);
    }
  }
  return gain;
}
