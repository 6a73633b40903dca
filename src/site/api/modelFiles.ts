import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Published } from "../published/published.js";
import { snapshotWeights } from "./snapshotWeights.js";
import { stationExplanation } from "./stationExplanation.js";
import { stationModel } from "./stationModel.js";

/** All that the model page may ask for of a station, by the name under `api/`. */
export async function* modelFiles(
  published: Published,
  station: StationSummary,
): AsyncGenerator<[name: string, content: unknown]> {
  const { key, stationId } = station;
  yield [`${key}/model.json`, await stationModel(published, station)];
  yield [`${key}/explanation.json`, await stationExplanation(published, station)];
  for (const { snapshotId, weights } of await snapshotWeights(published, stationId))
    yield [`${key}/weights/${snapshotId}.json`, weights];
}
