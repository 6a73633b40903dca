import { z } from "zod";
import { celsius, count, dewPointC, measure, source, stationId, temperatureC, time, validTime } from "./fields.js";

export const StationRow = z
  .object({
    stationId,
    icao: z.string().nullable().describe("ICAO code of its airport; null without one"),
    name: z.string().describe("name as NOAA or the configuration writes it"),
    latitude: z.number().meta({ unit: "°", description: "latitude, positive north of the equator" }),
    longitude: z.number().meta({ unit: "°", description: "longitude, positive east of Greenwich" }),
    elevationM: z.number().meta({ unit: "m" }).nullable().describe("height above sea level"),
    timeZone: z.string().describe("IANA time zone of the station"),
    genesisTime: time.nullable().describe("training start: the first hour that the model learned"),
    newestObservedTime: time.nullable().describe("newest hour with a temperature"),
    dueTime: time.nullable().describe("when its next report is due: the next hour at which it usually reports"),
    reportedHours: count("h").describe(
      "hours of the day with a report on any of its last 14 days; 24 when nothing is known yet",
    ),
    newestIssuedTime: time.nullable().describe("when the newest forecast was issued"),
    hoursObserved: count("h").describe("hours with a temperature since the training start"),
    hoursMissing: count("h").describe(
      "hours without a temperature between the training start and the newest observation",
    ),
    rowsQuarantined: count("reports").describe("reports with a rejected value"),
    valuesCorrected: count("values").describe("values corrected after they were first seen"),
    valuesLate: count("values").describe("values that arrived too late to be learned"),
    simulated: z.boolean().describe("whether its weather is simulated because NOAA could not be reached"),
  })
  .describe("The stations, with the state of each.");
export type StationRow = z.infer<typeof StationRow>;

export const HourRow = z
  .object({
    stationId,
    validTime,
    temperatureC: temperatureC.nullable(),
    dewPointC: dewPointC.nullable(),
    temperatureSource: source.nullable().describe("source of the temperature: ghcnh, awc, nws, isd or simulated"),
    dewPointSource: source.nullable().describe("source of the dew point: ghcnh, awc, nws, isd or simulated"),
  })
  .describe(
    "Every hour with an observation, with the values known now. Each is one report, never an average: the routine report within 15 minutes of the hour, else another report within 15 minutes, else the nearest. Missing hours have no row.",
  );
export type HourRow = z.infer<typeof HourRow>;

export const LearnedHourRow = z
  .object({
    stationId,
    validTime,
    temperatureC: temperatureC.nullable(),
    dewPointC: dewPointC.nullable(),
    seaLevelPressureHpa: z.number().meta({ unit: "hPa" }).nullable().describe("air pressure reduced to sea level"),
    windSpeedMs: z.number().meta({ unit: "m/s" }).nullable().describe("wind speed"),
    windDirectionDeg: z
      .number()
      .meta({ unit: "°" })
      .nullable()
      .describe("direction the wind comes from, clockwise from north"),
    cloudCoverOktas: z.number().meta({ unit: "oktas" }).nullable().describe("eighths of the sky covered by cloud"),
  })
  .describe(
    "The hours with an observation, with the values that the model learned. Table `corrections` has the values that changed later or arrived too late.",
  );

const anomaly = (what: string) =>
  `${what} minus the usual value of that hour of the day, an exponentially weighted mean of past days`;

export const AnomalyRow = z
  .object({
    stationId,
    icao: z.string().nullable().describe("ICAO code of its airport; null without one"),
    name: z.string().describe("name as NOAA or the configuration writes it"),
    latitude: z.number().meta({ unit: "°", description: "latitude, positive north of the equator" }),
    longitude: z.number().meta({ unit: "°", description: "longitude, positive east of Greenwich" }),
    validTime: validTime.describe("newest hour of the network"),
    temperatureC: temperatureC.nullable().describe("newest temperature, at most three hours old"),
    temperatureAnomalyC: celsius.nullable().describe(anomaly("temperature")),
    dewPointAnomalyC: celsius.nullable().describe(anomaly("dew point")),
    pressureAnomalyHpa: z.number().meta({ unit: "hPa" }).nullable().describe(anomaly("air pressure at sea level")),
    pressureChangeHpa: z.number().meta({ unit: "hPa" }).nullable().describe("change of the pressure in three hours"),
    windSpeedMs: z.number().meta({ unit: "m/s" }).nullable().describe("newest wind speed, at most three hours old"),
    windDirectionDeg: z
      .number()
      .meta({ unit: "°" })
      .nullable()
      .describe("direction that wind comes from, clockwise from north"),
  })
  .describe(
    "How unusual the weather is now at each station of the network, as the model sees it: the configured stations and those that only lend their observations.",
  );
export type AnomalyRow = z.infer<typeof AnomalyRow>;

export const CorrectionRow = z
  .object({
    stationId,
    validTime,
    variable: measure,
    firstValue: z
      .number()
      .meta({ unit: "of the variable" })
      .describe("value first seen, which the model learned unless it arrived late or the station was relearned"),
    firstSource: source.describe("source of the value first seen: ghcnh, awc, nws, isd or simulated"),
    firstSeenTime: time.describe("when the first value was seen"),
    value: z
      .number()
      .meta({ unit: "of the variable" })
      .nullable()
      .describe("value known now; null when it was withdrawn"),
    source: source.describe("source of the value known now: ghcnh, awc, nws, isd or simulated"),
    reportTime: time.describe("time of the report that the value known now is from"),
    corrections: count("times").describe("how often the value changed"),
    late: z.boolean().describe("whether it arrived too late to be learned"),
  })
  .describe("Values of the last 60 days that were corrected, withdrawn, or arrived too late to be learned.");
export type CorrectionRow = z.infer<typeof CorrectionRow>;
