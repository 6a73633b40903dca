import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Place, pointCount, pointsOfRing, pointWeights, ringRadiiKm } from "../../../src/model/network/points.js";

const nashville = { latitude: 36.12, longitude: -86.68 };
const kmOfDegree = (Math.PI * 6371) / 180;
const place = fc.record({
  latitude: fc.double({ min: -89, max: 89, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});

/** The place so many km away on the great circle that leaves at a bearing of so many degrees. */
function away({ latitude, longitude }: Place, km: number, bearing: number): Place {
  const [c, b, lat] = [km / 6371, (bearing * Math.PI) / 180, (latitude * Math.PI) / 180];
  const north = Math.asin(Math.sin(lat) * Math.cos(c) + Math.cos(lat) * Math.sin(c) * Math.cos(b));
  const east = Math.atan2(Math.sin(b) * Math.sin(c) * Math.cos(lat), Math.cos(c) - Math.sin(lat) * Math.sin(north));
  return { latitude: (north * 180) / Math.PI, longitude: longitude + (east * 180) / Math.PI };
}

describe("the weights of a station at the points around another", () => {
  test("are 1 at the point where it stands", () => {
    expect(pointWeights(nashville, nashville)[0]).toBe(1);
    ringRadiiKm.forEach((radius, ring) => {
      for (let p = 0; p < pointsOfRing; p++) {
        const weights = pointWeights(nashville, away(nashville, radius, p * 60));
        expect(weights[1 + ring * pointsOfRing + p]).toBeCloseTo(1, 5);
        expect(Math.max(...weights)).toBeCloseTo(1, 5);
      }
    });
  });

  test("fall with the distance to a point as a normal density, and are 0 when small", () => {
    const north = (km: number) => ({ ...nashville, latitude: nashville.latitude + km / kmOfDegree });
    expect(pointWeights(nashville, north(60))[0]).toBeCloseTo(Math.exp(-1 / 2), 5);
    // The first point of the ring of 500 km lies in the north and has σ = 250 km.
    expect(pointWeights(nashville, north(300))[1 + pointsOfRing]).toBeCloseTo(Math.exp(-((200 / 250) ** 2) / 2), 4);
    expect(pointWeights(nashville, north(230))[0]).toBe(0);
  });

  test("are between 0 and 1 anywhere, and do not depend on how a longitude is written", () => {
    fc.assert(
      fc.property(place, place, (centre, other) => {
        const weights = pointWeights(centre, other);
        expect(weights).toHaveLength(pointCount);
        for (const weight of weights) expect(weight === 0 || (weight >= 0.00099 && weight <= 1)).toBe(true);
        const turned = pointWeights(centre, { ...other, longitude: other.longitude + 360 });
        turned.forEach((weight, i) => {
          if (Math.min(weight, weights[i]!) > 0.002) expect(weight).toBeCloseTo(weights[i]!, 4);
        });
      }),
    );
  });
});
