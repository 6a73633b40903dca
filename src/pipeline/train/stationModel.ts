import type { Store } from "../../data/store/store.js";
import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import type { NetworkStation } from "../../model/network/fields.js";
import type { Around, NetworkHours } from "../../model/network/networkReplay.js";
import type { Config } from "../../shared/config.js";
import { optionsAround } from "../replay/networkInput.js";
import { networkPlaces } from "./network.js";
import { digestConfig } from "./snapshotFile.js";

/** What determines a station's forecasts beside its hours. */
export interface StationModel {
  options: ForecasterOptions;
  /** The place that fields are computed for; null outside a network. */
  place: NetworkStation | null;
}

/** The surroundings of a station's model in these hours of the network; null outside a network. */
export function aroundOf({ place }: StationModel, network: NetworkHours | null): Around | null {
  return place && network ? { station: place, network } : null;
}

/** The model that each station learns with. A station without coordinates is outside the network. */
export async function stationModels(
  store: Pick<Store, "all">,
  config: Pick<Config, "model" | "network">,
): Promise<(stationId: string) => StationModel> {
  const places = await networkPlaces(store);
  return (stationId) => modelAt(config, config.network === null ? null : (places.get(stationId) ?? null));
}

function modelAt({ model }: Pick<Config, "model">, place: NetworkStation | null): StationModel {
  return { options: optionsAround(model, place ?? undefined), place };
}

/** The model that each station learned with last: the network may have been another for one run. */
export async function recordedModels(
  store: Pick<Store, "all">,
  config: Pick<Config, "model" | "network">,
): Promise<(stationId: string) => StationModel> {
  const places = await networkPlaces(store);
  const current = await stationModels(store, config);
  const newest = await store.all<{ stationId: string; genesisTime: number; configDigest: string }>(
    `SELECT stationId, epoch_ms(genesisTime)::DOUBLE AS "genesisTime", configDigest FROM snapshots
     QUALIFY row_number() OVER (PARTITION BY stationId ORDER BY throughTime DESC) = 1`,
  );
  const recorded = new Map(newest.map((row) => [row.stationId, row]));
  return (stationId) => {
    const row = recorded.get(stationId);
    const candidates = [places.get(stationId) ?? null, null].map((place) => modelAt(config, place));
    const match = row && candidates.find((model) => digestConfig(model, row.genesisTime) === row.configDigest);
    return match ?? current(stationId);
  };
}
