import { expertsWithPrior } from "../../model/experts/createExperts.js";
import { LinearExpert } from "../../model/experts/linearExpert.js";
import { type ForecasterOptions, regressionDelta } from "../../model/experts/modelOptions.js";
import { type RegressionSums, sumsOf } from "../../model/experts/prior.js";
import { Forecaster } from "../../model/forecaster/forecaster.js";
import { type Around, NetworkReplay } from "../../model/network/networkReplay.js";
import { quantities } from "../../model/vocabulary.js";

export interface PriorTask {
  options: ForecasterOptions;
  firstHour: number;
  /** hours × quantities, NaN where missing */
  values: Float64Array;
  around: Around | null;
}

/** Replays a station and returns what its regressions have learned, in the order of `expertsWithPrior`. */
export function replayPrior({ options, firstHour, values, around }: PriorTask): RegressionSums[] {
  const forecaster = new Forecaster({ ...options, experts: ["persistence", ...expertsWithPrior] });
  const network = around && new NetworkReplay(around);
  const width = quantities.length;
  const regressions = expertsWithPrior.map((name) => {
    const expert = forecaster.experts.find((one) => one.name === name);
    if (!(expert instanceof LinearExpert)) throw new Error(`no ${name}`);
    return expert.model;
  });
  let rows = 0;
  for (let i = 0; i < values.length / width; i++) {
    const hour = firstHour + i;
    forecaster.step(hour, values.subarray(i * width, (i + 1) * width), undefined, network?.at(hour));
    if (regressions[0]!.isLearned(hour)) rows++;
  }
  return regressions.map((model) => sumsOf(model, { rows, delta: regressionDelta(options) }));
}
