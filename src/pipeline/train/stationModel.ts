import type { Store } from "../../data/store/store.js";
import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import type { Around, NetworkHours } from "../../model/network/networkReplay.js";
import type { Config } from "../../shared/config.js";
import { optionsAround } from "../replay/networkInput.js";
import { networkPlaces } from "./network.js";

/** What determines a station's forecasts beside its hours. */
export interface StationModel {
  options: ForecasterOptions;
  /** The station's surroundings in these hours of the network; null outside a network. */
  around(network: NetworkHours | null): Around | null;
}

/** The model of each station. A station without coordinates is outside the network. */
export async function stationModels(
  store: Pick<Store, "all">,
  config: Pick<Config, "model" | "network">,
): Promise<(stationId: string) => StationModel> {
  const places = config.network === null ? null : await networkPlaces(store);
  return (stationId) => {
    const station = places?.get(stationId);
    return {
      options: optionsAround(config.model, station),
      around: (network) => (station && network ? { station, network } : null),
    };
  };
}
