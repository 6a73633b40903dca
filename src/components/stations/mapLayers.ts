import type { NetworkNow } from "../../shared/published/networkNow.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { selectInput, type ValueElement } from "../ui/inputs.js";
import {
  differenceInUnit,
  formatNumber,
  formatPercent,
  formatSigned,
  inUnit,
  type TemperatureUnit,
} from "../ui/units.js";
import { type ClassScale, divergingScale } from "./classScale.js";

type NetworkStation = NetworkNow["stations"][number];

/** What the map shows, by the names in the page's address. */
const layerNames = {
  now: "Temperature now",
  low: "Low of the next night",
  high: "High of the next day",
  anomaly: "Warmer or colder than usual",
  spread: "Uncertainty, 24 h ahead",
  skill: "Skill, 24 h ahead",
  wind: "Wind now",
  pressure: "Pressure, compared with usual",
};
export type MapLayer = keyof typeof layerNames;

/** Layers of which only the network knows something. */
const ofNetwork: readonly MapLayer[] = ["anomaly", "wind", "pressure"];

/** The choice of what the map shows. */
export function mapLayerInput({ hasNetwork }: { hasNetwork: boolean }): ValueElement<string> {
  const names = Object.entries(layerNames) as [MapLayer, string][];
  return selectInput(
    "On the map",
    names.filter(([layer]) => hasNetwork || !ofNetwork.includes(layer)),
    "now",
  );
}

/** Whether the forecast of any station can be compared with guidance. */
export function hasGuidance(stations: readonly Pick<StationSummary, "guidanceSkill24">[]): boolean {
  return stations.some(({ guidanceSkill24 }) => guidanceSkill24 !== null);
}

/** How a layer shows the stations by colour. */
export interface ColourLayer {
  scale: ClassScale;
  /** The value of a station with a page, in the scale's unit; null if it is not known. `network` is its row in the network. */
  ofStation: (station: StationSummary, network: NetworkStation | undefined) => number | null;
  /** The same for a station of the network; absent where the network has no values. */
  ofNetwork?: (station: NetworkStation) => number | null;
  /** A value in a label. */
  format: (value: number) => string;
  /** A value in words, such as "22 °C now". */
  words: (value: number) => string;
  /** What the colours show. */
  meaning: string;
  /** Steps between lines of equal values, widest first, and the value of a bold line; absent where lines would mean little. */
  lines?: { steps: readonly number[]; bold: number };
}

/** Bounds of temperatures: 5 °C or 10 °F apart, which is nearly the same. */
const temperatureLimits = {
  C: [-20, -15, -10, -5, 0, 5, 10, 15, 20, 25, 30, 35],
  F: [-10, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
};
const temperatureColours = Array.from({ length: 13 }, (_, i) => `var(--temperature-${i + 1})`);
const anomalyBounds = { C: [1, 3, 6], F: [2, 5, 10] } as const;
const spreadLimits = { C: [3, 5, 8], F: [5, 9, 14] };

/** What a layer shows by colour; null for wind, which has arrows. */
export function colourLayer(
  layer: MapLayer,
  unit: TemperatureUnit,
  stations: readonly StationSummary[],
): ColourLayer | null {
  if (layer === "wind") return null;
  const degrees = `°${unit}`;
  const temperature = (celsius: number | null) => (celsius === null ? null : inUnit(celsius, unit));
  const difference = (celsius: number | null | undefined) => (celsius == null ? null : differenceInUnit(celsius, unit));
  const whole = (value: number) => formatNumber(value, 0);
  const temperatures = {
    scale: { limits: temperatureLimits[unit], colours: temperatureColours, unit: degrees, format: whole },
    format: (value: number) => `${whole(value)}°`,
  };
  const signed = (value: number) => formatSigned(value, 0);
  switch (layer) {
    case "now":
      return {
        ...temperatures,
        ofStation: ({ temperatureC }) => temperature(temperatureC),
        ofNetwork: ({ temperatureC }) => temperature(temperatureC),
        words: (value) => `${whole(value)} ${degrees} now`,
        meaning: "Temperature now",
        lines: unit === "F" ? { steps: [10, 5], bold: 32 } : { steps: [5, 2], bold: 0 },
      };
    case "low":
    case "high":
      return {
        ...temperatures,
        ofStation: ({ lowC, highC }) => temperature(layer === "low" ? lowC : highC),
        words: (value) => `next ${layer} ${whole(value)} ${degrees}`,
        meaning: layer === "low" ? "Forecast low of the next night" : "Forecast high of the next day",
      };
    case "anomaly": {
      const ofNetwork = (station: NetworkStation) => difference(station.temperatureAnomalyC);
      return {
        scale: divergingScale(anomalyBounds[unit], { unit: degrees, format: signed }),
        ofStation: (_, station) => (station ? ofNetwork(station) : null),
        ofNetwork,
        format: (value) => formatSigned(value, 1),
        words: (value) => `${formatSigned(value, 1)} ${degrees} from usual`,
        meaning: "Temperature now minus the usual value of that hour of the day, an average over past weeks",
        lines: { steps: unit === "F" ? [5, 2] : [3, 1], bold: 0 },
      };
    }
    case "pressure": {
      const ofNetwork = ({ pressureAnomalyHpa }: NetworkStation) => pressureAnomalyHpa;
      return {
        scale: divergingScale([2, 5, 10], { unit: "hPa", format: signed }),
        ofStation: (_, station) => (station ? ofNetwork(station) : null),
        ofNetwork,
        format: (value) => formatSigned(value, 1),
        words: (value) => `pressure ${formatSigned(value, 1)} hPa from usual`,
        meaning: "Air pressure now minus the usual value of that hour of the day, an average over past weeks",
      };
    }
    case "spread":
      return {
        scale: {
          limits: spreadLimits[unit],
          colours: [4, 5, 6, 7].map((i) => `var(--anomaly-${i})`),
          unit: degrees,
          format: whole,
        },
        ofStation: ({ spread24C }) => difference(spread24C),
        format: (value) => formatNumber(value, 1),
        words: (value) => `80 % interval ${formatNumber(value, 1)} ${degrees} wide`,
        meaning: "Width of the 80 % interval of the temperature 24 h ahead: the wider, the less certain",
      };
    case "skill": {
      const isCompared = hasGuidance(stations);
      const rival = isCompared ? "guidance" : "persistence and the same hour yesterday";
      return {
        scale: divergingScale([0.05, 0.15, 0.3], {
          unit: "%",
          format: (limit) => formatSigned(limit * 100, 0),
          isReversed: true,
        }),
        ofStation: ({ guidanceSkill24, skill24 }) => (isCompared ? guidanceSkill24 : skill24),
        format: signedPercent,
        words: (value) => `skill ${signedPercent(value)} against ${rival}`,
        meaning: `Skill of the temperature forecast 24 h ahead: how much smaller its mean error is than that of ${isCompared ? "the best source of guidance over the same hours" : `the better of ${rival}`}. Below 0 that is better`,
      };
    }
  }
}

function signedPercent(share: number): string {
  return `${share > 0.005 ? "+" : ""}${formatPercent(share)}`;
}
