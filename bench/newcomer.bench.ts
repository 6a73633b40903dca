import { openStore } from "../src/data/store/store.js";
import { Forecaster } from "../src/model/forecaster/forecaster.js";
import { NetworkReplay } from "../src/model/network/networkReplay.js";
import { columnCount, publishedIndex, quantities } from "../src/model/vocabulary.js";
import { networkAround, optionsAround } from "../src/pipeline/replay/networkInput.js";
import { guidanceValues, hourValues } from "../src/pipeline/train/modelInput.js";
import { hourMs } from "../src/shared/time.js";
import { printTable } from "./measure.js";

// A station's first two days with guidance: without any, with guidance from its first hour on, and after it has learned from
// thirty past days of it. Starts every week of the stored hours, in the network of all stored stations, for each station with
// imported guidance in the home folder ISOTHERM_HOME, see `isotherm guidance import`.

const home = process.env.ISOTHERM_HOME;
if (!home) throw new Error("set ISOTHERM_HOME to a home with hours and imported guidance");
const leads = [1, 3, 6, 12, 24, 48];
const firstDays = 48;
const pastDays = 30 * 24;
const binHours = 12;
const width = quantities.length;

const store = await openStore(home, { readOnly: true });
const stations = await store.all<{ stationId: string; first: number; last: number }>(
  `SELECT stationId, epoch_ms(min(validTime))::DOUBLE / ${hourMs} AS first, epoch_ms(max(validTime))::DOUBLE / ${hourMs} AS last
   FROM hours SEMI JOIN guidanceRuns USING (stationId) WHERE variable = 'temperature' GROUP BY stationId ORDER BY stationId`,
);
const zones = new Map(
  (await store.all<{ stationId: string; timeZone: string }>("SELECT stationId, timeZone FROM stations")).map((row) => [
    row.stationId,
    row.timeZone,
  ]),
);
const kinds = ["no guidance", "from its first hour", "30 past days too"] as const;
/** Sums of absolute errors and counts, by kind, hours since the start and lead. */
const sums = new Map<string, [sum: number, n: number]>();
for (const { stationId, first, last } of stations) {
  const around = (await networkAround(store, [stationId], "all", { firstHour: first, lastHour: last }))(stationId)!;
  const network = new NetworkReplay(around);
  const fields = Array.from({ length: last - first + 1 }, (_, i) => network.at(first + i).slice());
  const values = await hourValues(store, stationId, first, last);
  const guidance = await guidanceValues(store, stationId, first, last);
  const make = () => new Forecaster(optionsAround({}, around.station, { timeZone: zones.get(stationId) }));
  const step = (forecaster: Forecaster, hour: number, isGuided: boolean) => {
    const i = hour - first;
    const known = guidance.map((own) => own?.subarray(i * columnCount, (i + 1) * columnCount) ?? null);
    forecaster.step(hour, values.subarray(i * width, (i + 1) * width), isGuided ? known : [], fields[i]);
  };
  const starts: number[] = [];
  for (let start = first + 74 * 24; start + firstDays + leads.at(-1)! < last; start += 7 * 24 + 5) starts.push(start);
  const unguided = make();
  const states = new Map<number, Uint8Array>();
  for (let hour = first; hour <= last; hour++) {
    if (starts.includes(hour) || starts.includes(hour + pastDays)) states.set(hour, unguided.serialize().slice());
    step(unguided, hour, false);
  }
  for (const start of starts)
    for (const [k, kind] of kinds.entries()) {
      const from = k === 2 ? start - pastDays : start;
      const forecaster = make();
      forecaster.restore(states.get(from)!);
      for (let hour = from; hour < start + firstDays; hour++) {
        step(forecaster, hour, k > 0);
        if (hour < start) continue;
        const bin = Math.floor((hour - start) / binHours);
        for (const lead of leads) {
          const error = Math.abs(
            forecaster.issued[publishedIndex]![lead - 1]! - values[(hour + lead - first) * width]!,
          );
          if (Number.isNaN(error)) continue;
          const key = `${kind} ${bin} ${lead}`;
          const [sum, n] = sums.get(key) ?? [0, 0];
          sums.set(key, [sum + error, n + 1]);
        }
      }
    }
}
store.close();
printTable(
  `MAE in °C by hours since the start, ${stations.length} stations, starts every week`,
  kinds.flatMap((kind) =>
    Array.from({ length: firstDays / binHours }, (_, bin) => ({
      guidance: kind,
      hours: `${bin * binHours}-${(bin + 1) * binHours - 1}`,
      ...Object.fromEntries(
        leads.map((lead) => {
          const [sum, n] = sums.get(`${kind} ${bin} ${lead}`) ?? [Number.NaN, 1];
          return [`${lead} h`, (sum / n).toFixed(2)];
        }),
      ),
    })),
  ),
);
