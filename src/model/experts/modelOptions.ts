import { temperatureLags } from "../features/features.js";
import { coldestAirC, correctedOf, type ExpertName, expertNames, guidanceSources, warmestAirC } from "../vocabulary.js";

/** Options of the model. A serialized state can only be restored with the options that made it. */
export interface ForecasterOptions {
  /** Whether `rls`, `rlsTanh` and `hourlyRls` also see the fields that a network shows around the station; defaults to false. */
  network?: boolean;
  /** Longitude of the station, °: the regressions see the time of day as solar time; defaults to 0, which is UTC. */
  longitude?: number;
  /** Hours that local standard time is ahead of UTC: nights and days, whose lows and highs are forecast, begin by it; defaults to 0. */
  utcOffset?: number;
  /** Threshold of heat, °C: odds are given of days with a high of at least this; defaults to null, the 95 % quantile of the highs so far. */
  heatC?: number | null;
  /** Prior variance δ of the weights of `blend`, `rls` and `rlsTanh`; defaults to 0.1. In a network the latter two have half of it. */
  delta?: number;
  /** Prior variance of the weights of `hourlyRls`; defaults to 0.3. */
  hourlyDelta?: number;
  /** Errors are clipped at this many mean absolute errors of their lead before they are learned; defaults to 2. */
  huber?: number;
  /** Forgetting factor λ in (0, 1]: in the regressions each hour has λ times the weight of the next; defaults to 1. */
  forgetting?: number;
  /** Lags of temperature that `rls` and `rlsTanh` look at, hours, ascending from 0; defaults to `temperatureLags`. */
  lags?: readonly number[];
  /** The experts that take part in the mixture; defaults to all. */
  experts?: readonly ExpertName[];
}

/** `hourlyRls` has one regression for each hour of the day. */
export const hourlyGroups = 24;

export const defaultOptions: Required<ForecasterOptions> = {
  network: false,
  longitude: 0,
  utcOffset: 0,
  heatC: null,
  delta: 0.1,
  hourlyDelta: 0.3,
  huber: 2,
  forgetting: 1,
  lags: temperatureLags,
  experts: expertNames,
};

/** Prior variance of the weights of `rls` and `rlsTanh`: more weights need a narrower prior. */
export function regressionDelta(options: ForecasterOptions): number {
  const { delta, network } = withDefaults(options);
  return network ? delta / 2 : delta;
}

/** The options with defaults filled in. Throws when one is invalid. */
export function withDefaults(options: ForecasterOptions): Required<ForecasterOptions> {
  const all = { ...defaultOptions, ...options };
  for (const name of ["delta", "hourlyDelta", "huber"] as const)
    if (!(all[name] > 0)) throw new Error(`${name} must be positive`);
  for (const name of ["delta", "hourlyDelta"] as const)
    if (all[name] === Number.POSITIVE_INFINITY) throw new Error(`${name} must be finite`);
  if (!Number.isInteger(all.utcOffset) || Math.abs(all.utcOffset) > 14)
    throw new Error("utcOffset must be a whole number of hours from -14 to 14");
  if (all.heatC !== null && !(coldestAirC <= all.heatC && all.heatC <= warmestAirC))
    throw new Error(`heatC must be from ${coldestAirC} to ${warmestAirC} °C`);
  if (!(all.forgetting > 0 && all.forgetting <= 1)) throw new Error("forgetting must be above 0 and at most 1");
  if (!expertNames.some((name) => all.experts.includes(name))) throw new Error("the mixture needs an expert");
  for (const source of guidanceSources)
    if (all.experts.includes(correctedOf(source)) && !all.experts.includes(source))
      throw new Error(`${correctedOf(source)} needs ${source}`);
  return all;
}
