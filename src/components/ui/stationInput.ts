import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { ValueElement } from "./pageState.js";
import { placeName } from "./placeName.js";
import { selectInput } from "./selectInput.js";

/** Chooses a station by its key. */
export function stationInput(stations: readonly StationSummary[]): ValueElement<string> {
  return selectInput(
    "Station",
    stations.map(({ key, name }) => [key, `${key} ${placeName(name)}`]),
  );
}
