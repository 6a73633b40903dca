import { fieldCount } from "./anomalies.js";
import { type Place, pointCount, pointWeights } from "./points.js";

/** Number of values of the fields around a station: point × field. */
export const fieldValueCount = pointCount * fieldCount;

/** Added to the sum of weights, so that a point far from all stations shows little. */
export const emptiness = 0.3;

/** A station of a network. */
export interface NetworkStation extends Place {
  stationId: string;
}

/**
 * The fields around a station: at each of 25 fixed points the weighted mean Σwv / (Σw + 0.3) of the anomalies of the other
 * stations. One station more or fewer changes a value a little, and never what it means.
 */
export class Fields {
  /** For each point, the places of its stations in the network and their weights, in the order of their ids. */
  private readonly members: { stations: Uint32Array; weights: Float32Array }[];
  private readonly sums = new Float64Array(fieldCount);
  private readonly totals = new Float64Array(fieldCount);

  /** @param network its stations, in the order of the anomalies; the station itself is left out */
  constructor(station: NetworkStation, network: readonly NetworkStation[]) {
    const others = network
      .map((other, place) => ({ place, id: other.stationId, weights: pointWeights(station, other) }))
      .filter(({ id }) => id !== station.stationId)
      // The order of additions must not depend on the order of stations.
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    this.members = Array.from({ length: pointCount }, (_, point) => {
      const near = others.filter(({ weights }) => weights[point] > 0);
      return {
        stations: Uint32Array.from(near, ({ place }) => place),
        weights: Float32Array.from(near, ({ weights }) => weights[point]),
      };
    });
  }

  /**
   * Computes the values of an hour.
   * @param anomalies station × field, NaN where unknown
   * @param out point × field; 0 where no station is near
   */
  compute(anomalies: ArrayLike<number>, out: Float32Array): void {
    const { sums, totals } = this;
    this.members.forEach(({ stations, weights }, point) => {
      sums.fill(0);
      totals.fill(emptiness);
      for (let i = 0; i < stations.length; i++) {
        const at = stations[i] * fieldCount;
        for (let field = 0; field < fieldCount; field++) {
          const value = anomalies[at + field];
          if (Number.isNaN(value)) continue;
          sums[field] += weights[i] * value;
          totals[field] += weights[i];
        }
      }
      for (let field = 0; field < fieldCount; field++) out[point * fieldCount + field] = sums[field] / totals[field];
    });
  }
}
