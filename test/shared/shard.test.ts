import fc from "fast-check";
import { expect, test } from "vitest";
import { parseShard, shardOf } from "../../src/shared/shard.js";

const stations = (ids: readonly string[]) => ids.map((stationId) => ({ stationId }));

test("shards divide the stations evenly, each once, in any order", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 20 }), (ids, of) => {
      const shards = Array.from({ length: of }, (_, i) => shardOf(stations(ids), { place: i + 1, of }));
      const all = shards.flat().map(({ stationId }) => stationId);
      expect([...all].sort()).toEqual([...ids].sort());
      const sizes = shards.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      const reversed = shardOf(stations([...ids].reverse()), { place: 1, of });
      expect(new Set(reversed.map(({ stationId }) => stationId))).toEqual(
        new Set(shards[0]!.map(({ stationId }) => stationId)),
      );
    }),
  );
});

test("a shard keeps the order of the stations", () => {
  expect(shardOf(stations(["d", "c", "b", "a"]), { place: 1, of: 2 })).toEqual(stations(["b", "a"]));
});

test.each(["", "1", "0/2", "3/2", "1/0", "a/b", "1/2/3", "-1/2", "1.5/2"])("%j is not a shard", (text) => {
  expect(() => parseShard(text)).toThrow("not a shard");
});

test("2/4 is the second of four", () => {
  expect(parseShard("2/4")).toEqual({ place: 2, of: 4 });
});
