import { sqlText } from "../../data/store/sqlText.js";
import { type Store, timestamp } from "../../data/store/store.js";
import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import { networkQuantities } from "../../model/network/anomalies.js";
import type { NetworkStation } from "../../model/network/fields.js";
import type { Around, NetworkHours } from "../../model/network/networkReplay.js";
import { hourMs, standardOffset } from "../../shared/time.js";

/** The variables of the network as SQL. */
export const variableList = networkQuantities.map(sqlText).join(", ");

/**
 * The stored hours of the stations of a network.
 * @param frozen whether to read only the values that the live network had, see `train/network.ts`; otherwise every first
 * value
 */
export async function networkHours(
  store: Pick<Store, "columns">,
  stations: NetworkStation[],
  { firstHour, lastHour, frozen = false }: { firstHour: number; lastHour: number; frozen?: boolean },
): Promise<NetworkHours> {
  const width = networkQuantities.length;
  const hours = Math.max(0, lastHour - firstHour + 1);
  const values = new Float32Array(
    new SharedArrayBuffer(hours * stations.length * width * Float32Array.BYTES_PER_ELEMENT),
  ).fill(Number.NaN);
  const places = stations.map(({ stationId }, place) => `(${sqlText(stationId)}, ${place})`);
  for (let from = firstHour; stations.length > 0 && from <= lastHour; from += hoursAtOnce) {
    const last = Math.min(lastHour, from + hoursAtOnce - 1);
    const [at, times, quantities, observed] = await store.columns<[number[], number[], number[], number[]]>(
      `SELECT place, epoch_ms(validTime)::DOUBLE, list_position([${variableList}], variable) - 1, firstValue
       FROM hours JOIN (VALUES ${places.join(", ")}) AS stations(stationId, place) USING (stationId)
       WHERE validTime BETWEEN $first AND $last AND variable IN (${variableList}) ${frozen ? "AND inNetwork" : ""}`,
      { first: timestamp(from * hourMs), last: timestamp(last * hourMs) },
    );
    times.forEach((time, i) => {
      const hour = time / hourMs - firstHour;
      values[(hour * stations.length + at[i]!) * width + quantities[i]!] = observed[i]!;
    });
  }
  return { stations, firstHour, values, before: null };
}

/** Hours that one query reads, to limit memory. */
const hoursAtOnce = 2000;

/** Stations of a network: ids, or "all" for every stored station; undefined or empty for none. */
export type NetworkChoice = readonly string[] | "all" | undefined;

/** What `--network` names: "all", "none" or stations. */
export async function networkOf(
  names: readonly string[] = ["none"],
  resolve: (names: readonly string[]) => Promise<{ stationId: string }[]>,
): Promise<NetworkChoice> {
  const [name] = names;
  if (names.length === 1 && (name === "all" || name === "none")) return name === "all" ? "all" : [];
  return (await resolve(names)).map(({ stationId }) => stationId);
}

/** Hours before the first station's that a network needs to know the usual weather. */
const usualHours = 60 * 24;

/**
 * The network of each station, or null without one.
 * @param firstHour first hour of the stations; the network begins earlier, so that usual values are known then
 * @throws when a station or the network has no coordinates
 */
export async function networkAround(
  store: Pick<Store, "all" | "columns">,
  stationIds: readonly string[],
  choice: NetworkChoice,
  { firstHour, lastHour }: { firstHour: number; lastHour: number },
): Promise<(stationId: string) => Around | null> {
  if (choice === undefined || choice.length === 0) return () => null;
  const [first] = await store.all<{ time: number | null }>(
    "SELECT epoch_ms(min(validTime))::DOUBLE AS time FROM hours",
  );
  const from = Math.max((first!.time ?? 0) / hourMs, firstHour - usualHours);
  const stored = await store.all<NetworkStation>(
    "SELECT stationId, latitude, longitude FROM stations ORDER BY stationId",
  );
  const stations = new Map(stored.map((station) => [station.stationId, station]));
  const members = choice === "all" ? [...stations.keys()] : choice;
  const missing = [...members, ...stationIds].filter((id) => !stations.has(id));
  if (missing.length > 0) throw new Error(`no coordinates of ${missing.join(", ")} are stored; fetch them first`);
  const network = await networkHours(
    store,
    stored.filter(({ stationId }) => members.includes(stationId)),
    { firstHour: from, lastHour },
  );
  return (id) => ({ station: stations.get(id)!, network });
}

/** The year whose standard time counts; zones seldom change, and a model must not change with them. */
const offsetYear = Date.UTC(2024, 0, 1);

/**
 * The options of a station's model: nights and days by its time zone, its threshold of heat if it has one (°C); in a network
 * it sees the fields around it, and the time of day as solar time.
 */
export function optionsAround(
  options: ForecasterOptions,
  place: { longitude: number } | undefined,
  { timeZone, heatC }: { timeZone?: string | undefined; heatC?: number | null | undefined } = {},
): ForecasterOptions {
  return {
    ...options,
    ...(heatC == null ? {} : { heatC }),
    ...(place ? { network: true, longitude: place.longitude } : {}),
    ...(timeZone === undefined ? {} : { utcOffset: Math.round(standardOffset(offsetYear, timeZone) / hourMs) }),
  };
}

/** The time zone of each stored station. */
export async function timeZones(store: Pick<Store, "all">): Promise<Map<string, string>> {
  const rows = await store.all<{ stationId: string; timeZone: string }>("SELECT stationId, timeZone FROM stations");
  return new Map(rows.map(({ stationId, timeZone }) => [stationId, timeZone]));
}
