import { blobValue } from "@duckdb/node-api";
import { type Store, timestamp } from "../../data/store/store.js";
import { hourOf } from "../../model/calendar.js";
import type { NetworkStation } from "../../model/network/fields.js";
import { type NetworkHours, networkFrom } from "../../model/network/networkReplay.js";
import { hourMs } from "../../shared/time.js";
import { networkHours, variableList } from "../replay/networkInput.js";

/** States are kept of the ends of this many days, for stations that are some days behind. */
const keptDays = 3;

/** The stations of the live network with the places that the model uses for them, by id. */
export async function networkPlaces(store: Pick<Store, "all">): Promise<Map<string, NetworkStation>> {
  const rows = await store.all<NetworkStation>(
    "SELECT stationId, latitude, longitude FROM networkPlaces ORDER BY stationId",
  );
  return new Map(rows.map((row) => [row.stationId, row]));
}

/** Adds members to the network. Their places stay as they are now, because a correction would change what was learned. */
export async function addToNetwork(store: Store, members: readonly string[]): Promise<void> {
  const known = await networkPlaces(store);
  const places = await store.all<NetworkStation>("SELECT stationId, latitude, longitude FROM stations");
  await store.insert(
    "networkPlaces",
    places.filter(({ stationId }) => members.includes(stationId) && !known.has(stationId)),
  );
}

/** Deletes the network, so that its history is made again from all that is stored. Nothing learned may depend on it. */
export async function deleteNetwork(store: Store): Promise<void> {
  await store.transaction(async () => {
    await store.run("UPDATE hours SET inNetwork = false WHERE inNetwork");
    await store.run("DELETE FROM networkPlaces");
    await store.run("DELETE FROM networkStates");
  });
}

/** The last hour of the network, in hours since 1970; null when it has none. Values that come later stay out. */
export async function networkThrough(store: Pick<Store, "all">): Promise<number | null> {
  const [row] = await store.all<{ newest: number | null }>(
    "SELECT epoch_ms(max(validTime))::DOUBLE AS newest FROM hours WHERE inNetwork",
  );
  return row?.newest == null ? null : hourOf(row.newest);
}

/** Takes hours after `lastHour` out of the network: a run at an earlier clock must not know them. */
export async function shortenNetwork(store: Store, lastHour: number): Promise<void> {
  const last = timestamp(lastHour * hourMs);
  await store.transaction(async () => {
    await store.run("UPDATE hours SET inNetwork = false WHERE inNetwork AND validTime > $last", { last });
    await store.run("DELETE FROM networkStates WHERE throughTime > $last", { last });
  });
}

/** Adds the values known now of the hours up to `lastHour`. Hours before stay as they were when they were first used. */
export async function extendNetwork(store: Store, lastHour: number): Promise<void> {
  const through = await networkThrough(store);
  const isLater = through === null ? "" : `AND validTime > make_timestamp(${through * hourMs * 1000})`;
  await store.run(
    `UPDATE hours SET inNetwork = true
     WHERE validTime <= $last ${isLater} AND variable IN (${variableList})
       AND stationId IN (SELECT stationId FROM networkPlaces)`,
    { last: timestamp(lastHour * hourMs) },
  );
}

/**
 * The hours of the live network up to its last; null when there is no network.
 * @param firstHour hours before this one are summed up in a state, stored or computed; defaults to the network's first hour
 */
export async function liveNetwork(store: Store, firstHour?: number): Promise<NetworkHours | null> {
  const lastHour = await networkThrough(store);
  if (lastHour === null) return null;
  const stations = [...(await networkPlaces(store)).values()];
  const start = firstHour === undefined ? null : await stateBefore(store, stations, firstHour);
  const from = start ? start.throughHour + 1 : await firstNetworkHour(store);
  const loaded = await networkHours(store, stations, { firstHour: from, lastHour, frozen: true });
  return networkFrom({ ...loaded, before: start?.state ?? null }, firstHour ?? from);
}

async function firstNetworkHour(store: Pick<Store, "all">): Promise<number> {
  const [row] = await store.all<{ time: number }>(
    "SELECT epoch_ms(min(validTime))::DOUBLE AS time FROM hours WHERE inNetwork",
  );
  return hourOf(row!.time);
}

async function stateBefore(store: Pick<Store, "all">, stations: readonly NetworkStation[], firstHour: number) {
  const [row] = await store.all<{ throughTime: number; state: Uint8Array }>(
    `SELECT epoch_ms(throughTime)::DOUBLE AS "throughTime", state FROM networkStates
     WHERE throughTime < $first AND stationIds = $stationIds ORDER BY networkStates.throughTime DESC LIMIT 1`,
    { first: timestamp(firstHour * hourMs), stationIds: idsOf(stations) },
  );
  return row ? { throughHour: hourOf(row.throughTime), state: Uint8Array.from(row.state) } : null;
}

function idsOf(stations: readonly NetworkStation[]): string {
  return stations.map(({ stationId }) => stationId).join(" ");
}

/** Stores the states of the network at its last hour and at the ends of the days before. */
export async function storeNetworkStates(store: Store, network: NetworkHours, lastHour: number): Promise<void> {
  const dayEnds = Array.from({ length: keptDays }, (_, n) => (Math.floor((lastHour + 1) / 24) - n) * 24 - 1);
  const kept = [...new Set([lastHour, ...dayEnds])].sort((a, b) => a - b);
  let at = network;
  await store.transaction(async () => {
    await store.run(
      `DELETE FROM networkStates WHERE stationIds <> $stationIds
         OR throughTime NOT IN (${kept.map((hour) => `make_timestamp(${hour * hourMs * 1000})`).join(", ")})`,
      { stationIds: idsOf(network.stations) },
    );
    for (const hour of kept) {
      if (hour < network.firstHour) continue;
      at = networkFrom(at, hour + 1);
      await store.run("INSERT OR REPLACE INTO networkStates VALUES ($time, $stationIds, $state)", {
        time: timestamp(hour * hourMs),
        stationIds: idsOf(network.stations),
        state: blobValue(at.before!),
      });
    }
  });
}
