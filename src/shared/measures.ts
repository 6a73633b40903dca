/** How far a dew point may lie above the temperature, °C, because each may be rounded to whole degrees. */
export const dewPointToleranceC = 0.5;

/**
 * The measures of a report, by their names in table `hours`. `column` is its name in table `reports`, with the unit;
 * `range` is the physically possible range; `spike` is the largest believable change, in its unit, within 3 hours.
 * The sharpest real ones in ten years at twelve airports are 18.9 °C, 27.2 °C (a dry line) and 8.1 hPa.
 */
export const measures = {
  temperature: { column: "temperatureC", range: [-90, 60], spike: 20 },
  dewPoint: { column: "dewPointC", range: [-90, 60], spike: 30 },
  seaLevelPressure: { column: "seaLevelPressureHpa", range: [850, 1090], spike: 15 },
  windSpeed: { column: "windSpeedMs", range: [0, 115], spike: Number.POSITIVE_INFINITY },
  windDirection: { column: "windDirectionDeg", range: [0, 360], spike: Number.POSITIVE_INFINITY },
  cloudCover: { column: "cloudCoverOktas", range: [0, 8], spike: Number.POSITIVE_INFINITY },
} as const;

export type Measure = keyof typeof measures;

export const measureNames = Object.keys(measures) as Measure[];

/** The measures that stations lend to the network. */
export const lentMeasures: readonly Measure[] = [
  "temperature",
  "dewPoint",
  "seaLevelPressure",
  "windSpeed",
  "windDirection",
];

export type MeasureColumn = (typeof measures)[Measure]["column"];
