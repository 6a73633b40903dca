import { type ParquetReadOptions, parquetRead } from "hyparquet";
import { decodePriors, splitPrior } from "../../model/experts/priorBytes.js";
import type { ReplayContext } from "../../model/forecaster/tracedReplay.js";
import { networkQuantities } from "../../model/network/anomalies.js";
import type { NetworkHours } from "../../model/network/networkReplay.js";
import { measures } from "../../shared/measures.js";
import type { Network } from "../../shared/published/network.js";
import { hourMs } from "../../shared/time.js";
import { compressors } from "../ui/parquetRows.js";
import type { ReplayRequest } from "./replayRun.js";

const quantityColumns = networkQuantities.map((name) => measures[name].column as string);

/**
 * What a replay needs beside the station's own hours.
 * @param read reads a file at an address
 */
export async function replayContext(
  { network, priorAddress, lastTime }: Pick<ReplayRequest, "network" | "priorAddress" | "lastTime">,
  read: (address: string) => Promise<ArrayBuffer>,
): Promise<ReplayContext> {
  const context: ReplayContext = {};
  if (network) {
    const index = JSON.parse(new TextDecoder().decode(await read(network.address))) as Network;
    const files = index.years
      .filter(({ year }) => Date.UTC(year, 0) <= lastTime)
      .map(({ year }) => read(new URL(`network/${year}.parquet`, network.address).href));
    context.around = {
      station: network.station,
      network: await networkHours(index, await Promise.all(files), lastTime),
    };
  }
  if (priorAddress !== null) {
    const { header, numbers } = splitPrior(new Uint8Array(await read(priorAddress)));
    context.priors = decodePriors(numbers, (header as { experts: Parameters<typeof decodePriors>[1] }).experts);
  }
  return context;
}

/** @param files hours of consecutive years, from the network's first to that of `lastTime` */
async function networkHours(
  { stations }: Network,
  files: readonly ArrayBuffer[],
  lastTime: number,
): Promise<NetworkHours> {
  const years = await Promise.all(files.map(readYear));
  const lastHour = lastTime / hourMs;
  const firstHour = years[0]?.hours[0] ?? lastHour + 1;
  const quantityCount = networkQuantities.length;
  const values = new Float32Array(Math.max(0, lastHour - firstHour + 1) * stations.length * quantityCount).fill(
    Number.NaN,
  );
  const places = new Map(stations.map(({ stationId }, place) => [stationId, place]));
  for (const { hours, stationIds, columns } of years)
    for (let row = 0; row < hours.length && hours[row]! <= lastHour; row++) {
      const at = ((hours[row]! - firstHour) * stations.length + places.get(stationIds[row]!)!) * quantityCount;
      for (let i = 0; i < quantityCount; i++) values[at + i] = columns[i]![row] ?? Number.NaN;
    }
  return { stations, firstHour, values, before: null };
}

interface Year {
  /** Hours since 1970, ascending. */
  hours: number[];
  stationIds: string[];
  /** The values of each quantity, null where missing. */
  columns: (number | null)[][];
}

/** Reads columns, because an object for each of millions of rows would take gigabytes. */
async function readYear(file: ArrayBuffer): Promise<Year> {
  const columns = new Map<string, unknown[]>();
  const onChunk: ParquetReadOptions["onChunk"] = ({ columnName, columnData, rowStart }) => {
    if (!columns.has(columnName)) columns.set(columnName, []);
    const column = columns.get(columnName)!;
    for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i];
  };
  const parsers = { timestampFromMicroseconds: (micros: bigint) => Number(micros) / 1000 / hourMs };
  await parquetRead({ file, compressors, parsers, onChunk });
  return {
    hours: columns.get("validTime") as number[],
    stationIds: columns.get("stationId") as string[],
    columns: quantityColumns.map((name) => columns.get(name) as (number | null)[]),
  };
}
