/** One of several parts of the stations, each trained on its own machine; `place` counts from 1. */
export interface Shard {
  place: number;
  of: number;
}

export const wholeShard: Shard = { place: 1, of: 1 };

/** Reads `2/4`: the second of four. */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text.trim());
  const [place, of] = [Number(match?.[1]), Number(match?.[2])];
  if (!(1 <= place && place <= of)) throw new Error(`not a shard: ${JSON.stringify(text)}; expected such as 2/4`);
  return { place, of };
}

/** The stations of a shard: a range in the order of their ids; the sizes of shards differ by one at most. */
export function shardOf<T extends { stationId: string }>(stations: readonly T[], { place, of }: Shard): T[] {
  const sorted = [...stations].sort((a, b) => (a.stationId < b.stationId ? -1 : 1));
  const bound = (part: number) => Math.floor((part * sorted.length) / of);
  const inShard = new Set(sorted.slice(bound(place - 1), bound(place)));
  return stations.filter((station) => inShard.has(station));
}
