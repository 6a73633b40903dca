import { minuteMs } from "../../shared/time.js";

/** At most so many requests a minute, by host: what the service documents, or a quarter of what is known to go well. */
export const ratesPerMinute: Readonly<Record<string, number>> = {
  "aviationweather.gov": 100,
  "api.weather.gov": 240,
};

/**
 * Spaces out requests so that no minute holds more than `perMinute` of them.
 * @returns a function that takes the next place and tells how many milliseconds to wait for it
 * @param now milliseconds, of any clock that only goes forward
 */
export function rateLimit(perMinute: number, now: () => number = () => performance.now()): () => number {
  if (!(perMinute > 0)) throw new Error(`rate ${perMinute} a minute is not positive`);
  const taken: number[] = [];
  return () => {
    const time = now();
    while (taken.length > 0 && taken[0]! <= time - minuteMs) taken.shift();
    const before = taken.at(-perMinute);
    const place = before === undefined ? time : Math.max(time, before + minuteMs);
    taken.push(place);
    return place - time;
  };
}
