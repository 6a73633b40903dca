import { availableParallelism } from "node:os";
import { createKernel, padded } from "../src/model/arithmetic/kernel.js";
import { stateLength } from "../src/model/arithmetic/state.js";
import { createExperts } from "../src/model/experts/createExperts.js";
import type { Expert } from "../src/model/experts/expert.js";
import { HourFeatures } from "../src/model/features/features.js";
import { History } from "../src/model/features/history.js";
import { Forecaster } from "../src/model/forecaster/forecaster.js";
import { networkQuantities } from "../src/model/network/anomalies.js";
import { fieldValueCount } from "../src/model/network/fields.js";
import { type NetworkHours, NetworkReplay } from "../src/model/network/networkReplay.js";
import { columnCount, guidanceSources, maxLeadHours, quantities, variables } from "../src/model/vocabulary.js";
import { WorkerPool } from "../src/pipeline/replay/workerPool.js";
import { printTable, timed } from "./measure.js";

// The learner on one core, of a station in a network of sixty: each expert alone; all with mixture, intervals and scores;
// the WebAssembly kernel and its JavaScript version; then ten station-years on all cores. The hours are simulated, a
// daily and an annual cycle with noise, and have every quantity, the most work that an hour can be.

const year = 8760;
const firstHour = 420_000;
const width = quantities.length;
const hours = new Float64Array(year * width);
let noise = 1;
const next = () => {
  noise = (noise * 16807) % 2147483647;
  return noise / 2147483647 - 0.5;
};
for (let i = 0, front = 0; i < year; i++) {
  front = 0.98 * front + next();
  const temperature = 12 - 10 * Math.cos((2 * Math.PI * i) / year) - 5 * Math.cos((2 * Math.PI * i) / 24) + 4 * front;
  hours.set([temperature, temperature - 3 + next(), 1013 + 5 * front, 4 + 2 * next(), 180, 4], i * width);
}
const hour = (i: number) => hours.subarray(i * width, (i + 1) * width);

/** Sixty stations on a grid of some 400 km around the station, with the same hours, shifted in time. */
const station = { stationId: "A", latitude: 40, longitude: -90 };
const stations = Array.from({ length: 60 }, (_, i) => {
  return { stationId: `B${i}`, latitude: 26 + 4 * (i % 8), longitude: -110 + 5 * Math.floor(i / 8) };
});
const networkWidth = stations.length * networkQuantities.length;
const network: NetworkHours = {
  stations,
  firstHour,
  values: new Float32Array(new SharedArrayBuffer(4 * year * networkWidth)),
  before: null,
};
for (let i = 0; i < year; i++)
  for (let s = 0; s < stations.length; s++)
    network.values.set(hour((i + 7 * s) % year).subarray(0, networkQuantities.length), i * networkWidth + s * 3);
const options = { network: true, longitude: station.longitude };
const fields = new Float32Array(year * fieldValueCount);
const drawn = await timed(() => {
  const replay = new NetworkReplay({ station, network });
  for (let i = 0; i < year; i++) fields.set(replay.at(firstHour + i), i * fieldValueCount);
});
const fieldsOf = (i: number) => fields.subarray(i * fieldValueCount, (i + 1) * fieldValueCount);

const none = guidanceSources.map(() => new Float32Array(columnCount).fill(Number.NaN));

/** The loop of one expert: learn what came due, observe the hour, forecast every lead. */
function runAlone(expert: Expert, variableCount: number): void {
  const history = new History();
  const features = new HourFeatures();
  const out = new Float32Array(columnCount);
  for (let i = 0; i < year; i++) {
    const values = hour(i);
    for (let v = 0; v < variableCount; v++) expert.learn(firstHour + i, v, values[v], out, none);
    history.push(firstHour + i, values);
    features.compute(history);
    features.computeNetwork(fieldsOf(i));
    expert.observe(firstHour + i, history, features);
    expert.forecast(out);
  }
}

const rows: Record<string, string | number>[] = [];
for (const name of createExperts(options).map((expert) => expert.name)) {
  const expert = createExperts(options).find((one) => one.name === name)!;
  const { seconds } = await timed(() => runAlone(expert, variables.length));
  rows.push({
    model: name,
    "hours/s": Math.round(year / seconds),
    "state kB": Math.round(stateLength(expert.state) / 1e3),
  });
}
const rls = createExperts(options).find(({ name }) => name === "rls")!;
const alone = await timed(() => runAlone(rls, 1));
rows.push({ model: "rls, learning temperature only", "hours/s": Math.round(year / alone.seconds), "state kB": "" });
rows.push({ model: "the fields around a station", "hours/s": Math.round(year / drawn.seconds), "state kB": "" });
for (const inNetwork of [true, false]) {
  const forecaster = new Forecaster(inNetwork ? options : {});
  const whole = await timed(() => {
    for (let i = 0; i < year; i++)
      forecaster.step(firstHour + i, hour(i), undefined, inNetwork ? fieldsOf(i) : undefined);
  });
  rows.push({
    model: inNetwork ? "everything" : "everything, without a network",
    "hours/s": Math.round(year / whole.seconds),
    "state kB": Math.round(forecaster.serialize().byteLength / 1e3),
  });
}
printTable(`The learner on one core, ${maxLeadHours} leads, ${variables.length} variables`, rows);

const d = 580;
const kernels: Record<string, string | number>[] = [];
for (const simd of [true, false]) {
  const kernel = createKernel(padded((d * (d + 1)) / 2) + 4 * d + columnCount * d + columnCount, simd);
  const p = kernel.allocate(padded((d * (d + 1)) / 2));
  const [x, px, gain] = [kernel.allocate(d), kernel.allocate(d), kernel.allocate(d)];
  const weights = kernel.allocate(columnCount * d);
  const out = kernel.allocate(columnCount);
  for (let a = 0, k = 0; a < d; a++, k += a + 1) p[k] = 0.1;
  const rounds = 2000;
  const { seconds } = await timed(() => {
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < d; i++) x[i] = next();
      kernel.update(p.byteOffset, x.byteOffset, px.byteOffset, gain.byteOffset, d, d);
      for (let c = 0; c < columnCount; c++) {
        const at = weights.byteOffset + 8 * c * d;
        kernel.addScaled(gain.byteOffset, at, d, next() - kernel.dot(x.byteOffset, at, d));
      }
      kernel.dots(x.byteOffset, weights.byteOffset, d, out.byteOffset, columnCount);
    }
  });
  kernels.push({
    kernel: simd ? "WebAssembly SIMD" : "JavaScript",
    "µs an hour": Math.round((1e6 * seconds) / rounds),
  });
}
printTable(`The inner loops of one hour, ${d} features, ${columnCount} columns`, kernels);

const pool = new WorkerPool("replayBacktest", { stations: 10, workers: availableParallelism() });
const task = {
  options,
  guidance: [],
  around: { station, network },
  priors: {},
  learnFrom: 0,
  firstHour,
  values: hours,
  scoredFrom: firstHour,
  leads: [24],
  writtenModels: [],
};
const ten = await timed(() => Promise.all(Array.from({ length: 10 }, () => pool.run(task))));
await pool.destroy();
printTable("Ten station-years of everything, in worker threads", [
  { workers: availableParallelism(), seconds: ten.seconds, "hours/s": Math.round((10 * year) / ten.seconds) },
]);
