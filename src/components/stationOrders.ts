import { ascending } from "d3";
import type { StationSummary } from "../data/stations.js";

type Field = (station: StationSummary) => string | number | null;

function by(label: string, field: Field) {
  return {
    label,
    /** Stations without a value come last either way. */
    sorted: (stations: readonly StationSummary[], turned = false): StationSummary[] =>
      [...stations].sort((a, b) => {
        const [x, y] = [field(a), field(b)];
        if (x === null || y === null) return Number(x === null) - Number(y === null);
        return (turned ? -1 : 1) * ascending(x, y);
      }),
  };
}

/** By what stations can be put in order. */
export const stationOrders = {
  station: by("Station", ({ key }) => key),
  now: by("Temperature now", ({ temperatureC }) => temperatureC),
  low: by("Next low", ({ lowC }) => lowC),
  high: by("Next high", ({ highC }) => highC),
  spread: by("Spread", ({ spread24C }) => spread24C),
  ewmae: by("EWMAE", ({ ewmae24C }) => ewmae24C),
  skill: by("Skill", ({ skill24 }) => skill24),
  age: by("Newest data", ({ newestObservedTime }) => newestObservedTime),
};
export type StationOrder = keyof typeof stationOrders;

/** The orders and their reverses, as a list to choose from. */
export const orderChoices: [string, string][] = Object.entries(stationOrders).flatMap(([name, { label }]) => [
  [name, `${label}, ascending`],
  [`-${name}`, `${label}, descending`],
]);
