import { packState, unpackState } from "../arithmetic/state.js";
import { Anomalies, networkQuantities } from "./anomalies.js";
import { Fields, fieldValueCount, type NetworkStation } from "./fields.js";

/** Consecutive hours of the stations of a network. Worker threads share the values. */
export interface NetworkHours {
  stations: NetworkStation[];
  /** Hours since 1970. */
  firstHour: number;
  /** hours × stations × quantities, NaN where missing */
  values: Float32Array;
  /** The state of the anomalies before the first hour; null when nothing is known before it. */
  before: Uint8Array | null;
}

/** A station and the network around it. */
export interface Around {
  station: NetworkStation;
  network: NetworkHours;
}

/** Anomalies of the stations, as they are before the first hour. */
export function anomaliesBefore({ stations, before }: Pick<NetworkHours, "stations" | "before">): Anomalies {
  const anomalies = new Anomalies(stations.length);
  if (before) unpackState(anomalies.state, before);
  return anomalies;
}

/** The values of an hour, station × quantity; all NaN after the last hour. */
export function valuesAt({ stations, firstHour, values }: NetworkHours, hour: number): Float32Array {
  const width = stations.length * networkQuantities.length;
  const from = (hour - firstHour) * width;
  return from < values.length ? values.subarray(from, from + width) : new Float32Array(width).fill(Number.NaN);
}

/** The same hours without those before `firstHour`, which are summed up in the state of the anomalies. */
export function networkFrom(network: NetworkHours, firstHour: number): NetworkHours {
  const anomalies = anomaliesBefore(network);
  for (let hour = network.firstHour; hour < firstHour; hour++) anomalies.step(hour, valuesAt(network, hour));
  const width = network.stations.length * networkQuantities.length;
  const values = network.values.subarray(Math.max(0, firstHour - network.firstHour) * width);
  const before = firstHour > network.firstHour ? packState(anomalies.state) : network.before;
  return { ...network, firstHour: Math.max(firstHour, network.firstHour), values, before };
}

/** The fields around one station, hour by hour. */
export class NetworkReplay {
  private readonly anomalies: Anomalies;
  private readonly fields: Fields;
  private readonly values = new Float32Array(fieldValueCount);
  private readonly network: NetworkHours;
  private next: number;

  constructor({ network, station }: Around) {
    this.network = network;
    this.anomalies = anomaliesBefore(network);
    this.fields = new Fields(station, network.stations);
    this.next = network.firstHour;
  }

  /** The fields at an hour, point × field, which the next call overwrites; 0 before the first hour. Hours must ascend. */
  at(hour: number): Float32Array {
    for (; this.next <= hour; this.next++) this.anomalies.step(this.next, valuesAt(this.network, this.next));
    this.fields.compute(this.anomalies.values, this.values);
    return this.values;
  }
}
