import { fileURLToPath } from "node:url";
import type { Store } from "../../data/store/store.js";
import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import type { NetworkStation } from "../../model/network/fields.js";
import type { Around, NetworkHours } from "../../model/network/networkReplay.js";
import type { Config } from "../../shared/config.js";
import { optionsAround, timeZones } from "../replay/networkInput.js";
import { dishonesty, type PriorFile, readPrior } from "../replay/priorFile.js";
import { networkPlaces } from "./network.js";
import { digestConfig } from "./snapshotFile.js";

/** What determines a station's forecasts beside its hours. */
export interface StationModel {
  options: ForecasterOptions;
  /** The place that fields are computed for; null outside a network. */
  place: NetworkStation | null;
  /** What its regressions start with; null for a cold start. */
  prior: PriorFile | null;
}

type ModelConfig = Pick<Config, "model" | "network" | "prior" | "stations">;
/** The model of a station whose training starts at a time, epoch milliseconds. */
type ModelOf = (stationId: string, genesisTime: number) => StationModel;

/** The surroundings of a station's model in these hours of the network; null outside a network. */
export function aroundOf({ place }: StationModel, network: NetworkHours | null): Around | null {
  return place && network ? { station: place, network } : null;
}

/** The model that each station learns with. A station without coordinates is outside the network. */
export async function stationModels(store: Pick<Store, "all">, config: ModelConfig): Promise<ModelOf> {
  if (config.network !== null) return modelsInNetwork(store, config);
  const zones = await timeZones(store);
  return (stationId) => modelAt(config, { stationId, timeZone: zones.get(stationId) });
}

async function modelsInNetwork(store: Pick<Store, "all">, config: ModelConfig): Promise<ModelOf> {
  const places = await networkPlaces(store);
  const zones = await timeZones(store);
  const prior = readConfiguredPrior(config);
  return (stationId, genesisTime) => {
    const place = places.get(stationId);
    const isHonest = prior !== null && dishonesty(prior, { stationId, startTime: genesisTime }) === null;
    return modelAt(config, { stationId, timeZone: zones.get(stationId) }, place, isHonest ? prior : null);
  };
}

function modelAt(
  { model, stations }: ModelConfig,
  { stationId, timeZone }: { stationId: string; timeZone: string | undefined },
  place?: NetworkStation,
  prior: PriorFile | null = null,
): StationModel {
  const heatC = stations.find(({ id }) => id === stationId)?.heatC;
  const options = optionsAround(model, place, { timeZone, heatC });
  return { options, place: place ?? null, prior: place ? prior : null };
}

/** The prior of the configuration. Throws when its file is missing or is something else. */
export function readConfiguredPrior({ prior }: Pick<Config, "prior">): PriorFile | null {
  return prior === null ? null : readPrior(priorPath(prior));
}

/** The file of a configured prior. */
export function priorPath(prior: string): string {
  return prior === "shipped" ? fileURLToPath(new URL("../../model/prior.bin", import.meta.url)) : prior;
}

/** The model that each station learned with last: network and prior may have been others for one run. */
export async function recordedModels(
  store: Pick<Store, "all">,
  config: ModelConfig,
): Promise<(stationId: string) => StationModel> {
  const places = await networkPlaces(store);
  const zones = await timeZones(store);
  const current = await stationModels(store, config);
  const inNetwork = config.network === null ? await modelsInNetwork(store, config) : current;
  const newest = await store.all<{ stationId: string; genesisTime: number; configDigest: string }>(
    `SELECT stationId, epoch_ms(genesisTime)::DOUBLE AS "genesisTime", configDigest FROM snapshots
     QUALIFY row_number() OVER (PARTITION BY stationId ORDER BY throughTime DESC) = 1`,
  );
  const recorded = new Map(newest.map((row) => [row.stationId, row]));
  return (stationId) => {
    const row = recorded.get(stationId);
    const { genesisTime, configDigest } = row ?? { genesisTime: 0, configDigest: "" };
    const configured = current(stationId, genesisTime);
    const station = { stationId, timeZone: zones.get(stationId) };
    const others = [
      inNetwork(stationId, genesisTime),
      modelAt(config, station, places.get(stationId)),
      modelAt(config, station),
    ];
    return [configured, ...others].find((model) => digestConfig(model, genesisTime) === configDigest) ?? configured;
  };
}
