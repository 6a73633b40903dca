import type { Store } from "../../data/store/store.js";
import { hourOf } from "../../model/calendar.js";
import type { NetworkHours } from "../../model/network/networkReplay.js";
import type { Config } from "../../shared/config.js";
import { learnableHour } from "./learnableHour.js";
import {
  type Chain,
  deleteLearnedAfter,
  emptyChain,
  newestLearnedHour,
  reasonToStartOver,
  resumeChain,
} from "./learned.js";
import {
  addToNetwork,
  deleteNetwork,
  extendNetwork,
  liveNetwork,
  shortenNetwork,
  storeNetworkStates,
} from "./network.js";
import { storedFieldHours, storeFields } from "./networkFields.js";
import { digestConfig } from "./snapshotFile.js";
import { aroundOf, type StationModel, stationModels } from "./stationModel.js";
import type { TrainOptions } from "./train.js";
import { trainingStart } from "./trainingStart.js";

/** What a run has to do at one station. */
export interface StationPlan {
  stationId: string;
  genesisTime: number;
  /** Last hour to learn, hours since 1970; null when there is nothing to learn from. */
  lastHour: number | null;
  model: StationModel;
  configDigest: string;
  startsOver: boolean;
  /** Whether it learns the hours of the network as they were known, also when it starts over. */
  keepsHours: boolean;
  relearns: boolean;
  /** Whether the fields around it were stored by another machine, see `networkFields.ts`. */
  usesStoredFields: boolean;
  /** Whether fields of later hours are not stored. */
  lacksFields: boolean;
  /** Values up to this hour that came too late stay out. */
  learnedThrough: number;
  chain: Chain;
}

/**
 * Decides where each station goes on, forgets what was learned after the clock, and brings the network up to the last
 * hour that any station learns. When all stations start over, the network begins with all that is stored.
 */
export async function planTraining(
  store: Store,
  config: Config,
  stationIds: readonly string[],
  options: Pick<TrainOptions, "clock" | "from" | "relearn" | "members" | "keepsNetwork">,
): Promise<{ plans: StationPlan[]; network: NetworkHours | null }> {
  const { clock, members = [], keepsNetwork = false } = options;
  const usesNetwork = config.network !== null;
  const changesNetwork = usesNetwork && !keepsNetwork;
  if (changesNetwork) await addToNetwork(store, members);
  let plans = await planStations(store, config, stationIds, options);
  if (changesNetwork && (await allStartOver(store, plans))) {
    await deleteNetwork(store);
    await addToNetwork(store, members);
    plans = await planStations(store, config, stationIds, options);
  }
  const lastHours = plans.flatMap(({ lastHour }) => lastHour ?? []);
  if (changesNetwork) {
    await shortenNetwork(store, hourOf(clock.now()));
    if (lastHours.length > 0) await extendNetwork(store, Math.max(...lastHours));
  }
  const firstHours = plans.flatMap(({ lastHour, chain }) =>
    lastHour !== null && chain.tip.throughHour < lastHour ? chain.tip.throughHour + 1 : [],
  );
  if (!changesNetwork || firstHours.length === 0) return { plans, network: null };
  const network = await liveNetwork(store, Math.min(...firstHours));
  if (network && changesNetwork) await storeNetworkStates(store, network, Math.max(...lastHours));
  return { plans, network };
}

/**
 * Freezes the network's hours and stores the fields around each station for the hours that it has to learn, so that
 * machines with only some of the stations learn with the same fields.
 */
export async function prepareFields(
  store: Store,
  config: Config,
  stationIds: readonly string[],
  options: Parameters<typeof planTraining>[3],
): Promise<void> {
  const { plans, network } = await planTraining(store, config, stationIds, options);
  for (const { model, lastHour, chain } of plans) {
    const around = aroundOf(model, network);
    if (around && lastHour !== null)
      await storeFields(store, around, { firstHour: chain.tip.throughHour + 1, lastHour });
  }
}

async function planStations(
  store: Store,
  config: Config,
  stationIds: readonly string[],
  { clock, from, relearn, keepsNetwork = false }: Parameters<typeof planTraining>[3],
): Promise<StationPlan[]> {
  const models = await stationModels(store, config);
  const plans: StationPlan[] = [];
  for (const stationId of stationIds) {
    const genesisTime = await trainingStart(store, config, stationId, { from, now: clock.now() });
    const learnable = await learnableHour(store, config, stationId, { genesis: genesisTime, now: clock.now() });
    const startHour = hourOf(genesisTime);
    const model = models(stationId, genesisTime);
    const usesStoredFields = keepsNetwork && model.place !== null;
    const limit = usesStoredFields ? await lastHourWithFields(store, stationId, startHour) : Number.POSITIVE_INFINITY;
    const lastHour = learnable === null ? null : Math.min(learnable, limit);
    const configDigest = digestConfig(model, genesisTime);
    const relearns = relearn?.has(stationId) ?? false;
    const reason = await reasonToStartOver(store, stationId, configDigest);
    const startsOver = relearns || reason !== null;
    if (lastHour !== null && !startsOver) await deleteLearnedAfter(store, config, stationId, lastHour);
    const isNew = startsOver || lastHour === null;
    plans.push({
      stationId,
      genesisTime,
      lastHour,
      model,
      configDigest,
      startsOver,
      keepsHours: !relearns && reason !== "model",
      relearns,
      usesStoredFields,
      lacksFields: lastHour !== null && lastHour < learnable!,
      learnedThrough: isNew ? startHour - 1 : await newestLearnedHour(store, stationId, startHour),
      chain: isNew ? emptyChain(startHour) : await resumeChain(store, config, stationId, startHour, lastHour),
    });
  }
  return plans;
}

/**
 * The last hour with stored fields, or the last hour learned if that is later, so that nothing is forgotten; without both
 * the hour before the training start.
 */
async function lastHourWithFields(store: Pick<Store, "all">, stationId: string, startHour: number): Promise<number> {
  const [learned] = await store.all<{ time: number | null }>(
    "SELECT epoch_ms(max(throughTime))::DOUBLE AS time FROM snapshots WHERE stationId = $stationId",
    { stationId },
  );
  const fields = await storedFieldHours(store, stationId);
  return Math.max(fields?.lastHour ?? startHour - 1, learned!.time === null ? startHour - 1 : hourOf(learned!.time));
}

/** Whether nothing that is learned stays, so that the network may begin with all that is stored. */
async function allStartOver(store: Pick<Store, "all">, plans: readonly StationPlan[]): Promise<boolean> {
  const startOver = new Set(plans.filter(({ keepsHours }) => !keepsHours).map(({ stationId }) => stationId));
  const learned = await store.all<{ stationId: string }>("SELECT DISTINCT stationId FROM snapshots");
  return learned.length > 0 && learned.every(({ stationId }) => startOver.has(stationId));
}
