import type { StationSummary } from "../../shared/published/stationSummary.js";
import { orderChoicesOf, rowOrder } from "../ui/rowOrder.js";

const by = rowOrder<StationSummary>;

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

export const orderChoices = orderChoicesOf(stationOrders);
