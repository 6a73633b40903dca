import { hourMs, minuteMs } from "../../shared/time.js";
import type { Station } from "../sources/source.js";

const spinUpHours = 60 * 24;

/** How many of a thousand hours have each flaw. */
const perMille = {
  gapBegins: 1,
  missing: 8,
  special: 30,
  duplicate: 2,
  flagged: 2,
  malformed: 0.3,
  dewPointAbove: 0.5,
};
const gapHours = 7;

/**
 * The lines of a psv file with one station's simulated reports of a year. An hour's reports depend on the station and the
 * hour alone, so a later run continues the same weather.
 * @param period first and last time of the reports, epoch milliseconds
 */
export async function* simulatedLines(
  station: Station,
  year: number,
  { from, through }: { from: number; through: number },
): AsyncGenerator<string> {
  yield ghcnhColumns.join("|");
  const draw = drawsOf(station.stationId);
  const climate = climateOf(station);
  const minute = 50 + Math.floor(draw.uniform(0, "minute") * 7);
  const yearStart = Date.UTC(year, 0, 1);
  const first = yearStart / hourMs + 1;
  const weather = weatherOf(climate, draw);
  for (let hour = first - spinUpHours; hour < first; hour++) weather(hour);

  for (let hour = first; ; hour++) {
    const time = (hour - 1) * hourMs + minute * minuteMs;
    if (time > through || new Date(time).getUTCFullYear() !== year) return;
    const now = weather(hour);
    if (time < from) continue;
    const chance = (event: keyof typeof perMille) => draw.uniform(hour, event) * 1000 < perMille[event];
    const inGap = Array.from({ length: gapHours }).some(
      (_, back) => draw.uniform(hour - back, "gapBegins") * 1000 < perMille.gapBegins,
    );
    if (inGap || chance("missing")) continue;

    const row = (at: number, type: string, values: Weather, quality = "5") => line(station, at, type, values, quality);
    if (chance("special")) yield row(time - 17 * minuteMs, "FM16", { ...now, temperature: now.temperature + 0.6 });
    if (chance("flagged")) yield row(time, "FM15", { ...now, temperature: now.temperature + 150 }, "7");
    else if (chance("malformed"))
      yield row(time, "FM15", now).replace(/\|(-?\d+)\.(\d)\|\|5\|FM15/, "|$1.$2.$2||5|FM15");
    else if (chance("dewPointAbove")) yield row(time, "FM15", { ...now, dewPoint: now.temperature + 3 });
    else yield row(time, "FM15", now);
    if (chance("duplicate")) yield row(time, "FM15", now);
    const isOnTheHour = hour * hourMs <= through && new Date(hour * hourMs).getUTCFullYear() === year;
    if (hour % 6 === 0 && isOnTheHour) yield row(hour * hourMs, "FM12", now);
    if (hour % 24 === 0) yield line(station, time + minuteMs, "SOD", null, "");
  }
}

interface Weather {
  temperature: number;
  dewPoint: number;
  pressure: number;
  windSpeed: number;
  windDirection: number;
}

interface Climate {
  meanC: number;
  yearAmplitudeC: number;
  dayAmplitudeC: number;
  /** Standard deviation of the effect of fronts, °C. */
  frontC: number;
  meanDepressionC: number;
  /** Hours from UTC to local solar time. */
  solarOffset: number;
  /** Hour of the year, UTC, at which it is warmest. */
  warmestHour: number;
}

/** A rough climate: colder towards the poles and at altitude, with stronger seasons away from the equator. */
function climateOf({ latitude, longitude, elevationM }: Station): Climate {
  const lat = Math.abs(latitude ?? 40);
  return {
    meanC: 28 - 0.0075 * lat ** 2 - 0.0045 * (elevationM ?? 0),
    yearAmplitudeC: 1.5 + 0.27 * lat,
    dayAmplitudeC: 4.5,
    frontC: 1 + 0.085 * lat,
    meanDepressionC: 5 + 4 * Math.exp(-(((lat - 33) / 10) ** 2)),
    solarOffset: (longitude ?? 0) / 15,
    warmestHour: ((latitude ?? 0) < 0 ? 20 : 200) * 24,
  };
}

/** Weather of successive hours since 1970: yearly and daily cycles, fronts and noise. */
function weatherOf(climate: Climate, draw: Draws): (hour: number) => Weather {
  let front = 0;
  let noise = 0;
  let dryness = 0;
  let pressure = 0;
  return (hour) => {
    const yearPhase = (2 * Math.PI * (hour - climate.warmestHour)) / 8765.81;
    const dayPhase = (2 * Math.PI * (hour + climate.solarOffset - 15)) / 24;
    front = 0.985 * front + climate.frontC * 0.16 * draw.normal(hour, "front");
    if (draw.uniform(hour, "coldFront") < 0.004) front -= climate.frontC * (0.6 + draw.uniform(hour, "depth"));
    noise = 0.7 * noise + 0.35 * draw.normal(hour, "noise");
    dryness = 0.97 * dryness + 0.5 * draw.normal(hour, "dryness");
    pressure = 0.99 * pressure + 1.1 * draw.normal(hour, "pressure");
    const clearSky = 1 + dryness / 6;
    const temperature =
      climate.meanC +
      climate.yearAmplitudeC * Math.cos(yearPhase) +
      climate.dayAmplitudeC * Math.max(0.3, clearSky) * Math.cos(dayPhase) +
      front +
      noise;
    const depression = climate.meanDepressionC + 2.5 * Math.cos(dayPhase) + dryness * 1.5;
    return {
      temperature,
      dewPoint: temperature - Math.max(0, depression),
      pressure: 1015 + pressure - front / 2,
      windSpeed: Math.max(0, 4 + 1.5 * Math.cos(dayPhase) + 1.5 * draw.normal(hour, "wind")),
      windDirection: (Math.floor(draw.uniform(hour >> 4, "direction") * 36) + 1) * 10,
    };
  };
}

const places = "STATION Station_name DATE Year Month Day Hour Minute LATITUDE LONGITUDE ELEVATION";
const variables = `
  temperature dew_point_temperature station_level_pressure sea_level_pressure wind_direction wind_speed wind_gust
  precipitation relative_humidity wet_bulb_temperature pres_wx_MW1 pres_wx_MW2 pres_wx_MW3 pres_wx_AU1 pres_wx_AU2
  pres_wx_AU3 pres_wx_AW1 pres_wx_AW2 pres_wx_AW3 snow_depth visibility altimeter pressure_3hr_change sky_condition
  sky_condition_baseht ceiling_height sky_cover_layer_1 sky_cover_layer_2 sky_cover_layer_3 sky_cover_layer_4
  sky_cover_layer_baseht_1 sky_cover_layer_baseht_2 sky_cover_layer_baseht_3 sky_cover_layer_baseht_4
  sky_cover_summation_1 sky_cover_summation_2 sky_cover_summation_3 sky_cover_summation_4 sky_cover_summation_baseht_1
  sky_cover_summation_baseht_2 sky_cover_summation_baseht_3 sky_cover_summation_baseht_4 precipitation_5_minute
  precipitation_15_minute precipitation_3_hour precipitation_6_hour precipitation_9_hour precipitation_12_hour
  precipitation_15_hour precipitation_18_hour precipitation_21_hour precipitation_24_hour REM`;
const attributes = ["", "_Measurement_Code", "_Quality_Code", "_Report_Type", "_Source_Code", "_Source_Station_ID"];

/** The 329 columns of GHCNh v1.1.0, in order. */
export const ghcnhColumns: readonly string[] = [
  ...places.split(" "),
  ...variables.match(/\w+/g)!.flatMap((variable) => attributes.map((attribute) => `${variable}${attribute}`)),
];

/** One row of all columns; a daily summary has no weather. */
function line(station: Station, time: number, type: string, weather: Weather | null, quality: string): string {
  const date = new Date(time).toISOString();
  const cells: Record<string, string> = {
    STATION: station.stationId,
    Station_name: station.name.toUpperCase(),
    DATE: date.slice(0, 19),
    Year: date.slice(0, 4),
    Month: date.slice(5, 7),
    Day: date.slice(8, 10),
    Hour: date.slice(11, 13),
    Minute: date.slice(14, 16),
    LATITUDE: (station.latitude ?? 0).toFixed(4),
    LONGITUDE: (station.longitude ?? 0).toFixed(4),
    ELEVATION: (station.elevationM ?? 0).toFixed(1),
    REM_Report_Type: type,
  };
  const values = weather && {
    temperature: weather.temperature.toFixed(1),
    dew_point_temperature: weather.dewPoint.toFixed(1),
    sea_level_pressure: weather.pressure.toFixed(1),
    wind_direction: String(weather.windDirection).padStart(3, "0"),
    wind_speed: weather.windSpeed.toFixed(1),
  };
  for (const [variable, text] of Object.entries(values ?? {})) {
    cells[variable] = text;
    cells[`${variable}_Quality_Code`] = quality;
    cells[`${variable}_Report_Type`] = type;
    cells[`${variable}_Source_Code`] = "343";
    cells[`${variable}_Source_Station_ID`] = "SIMULATED";
  }
  return ghcnhColumns.map((column) => cells[column] ?? "").join("|");
}

/** Random numbers that depend only on station, hour and purpose. */
interface Draws {
  /** In [0, 1). */
  uniform(hour: number, purpose: string): number;
  /** Mean 0, standard deviation 1: the sum of twelve uniforms minus six, which every machine rounds alike. */
  normal(hour: number, purpose: string): number;
}

function drawsOf(stationId: string): Draws {
  const seeds = new Map<string, number>();
  const seedOf = (purpose: string) => {
    const seed = seeds.get(purpose) ?? hashText(`${stationId} ${purpose}`);
    seeds.set(purpose, seed);
    return seed;
  };
  const uniform = (hour: number, purpose: string) => mix(mix(hour | 0) ^ seedOf(purpose)) / 2 ** 32;
  return {
    uniform,
    normal(hour, purpose) {
      const seed = seedOf(purpose);
      let state = mix(hour | 0) ^ seed;
      let sum = -6;
      for (let draw = 0; draw < 12; draw++) {
        state = mix((state + 0x9e3779b9) | 0);
        sum += state / 2 ** 32;
      }
      return sum;
    },
  };
}

/** FNV-1a. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** The finaliser of MurmurHash3: 32 bits in, 32 well-mixed bits out, unsigned. */
function mix(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
