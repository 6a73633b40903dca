import type { Observed, ReplayedStation } from "./replayNoaa.js";

/** The header of AWC's bulk file. */
export const bulkHeader =
  "raw_text,station_id,observation_time,latitude,longitude,temp_c,dewpoint_c,wind_dir_degrees,wind_speed_kt," +
  "wind_gust_kt,visibility_statute_mi,altim_in_hg,sea_level_pressure_mb,corrected,auto,auto_station," +
  "maintenance_indicator_on,no_signal,lightning_sensor_off,freezing_rain_sensor_off,present_weather_sensor_off," +
  "wx_string,sky_cover,cloud_base_ft_agl,sky_cover,cloud_base_ft_agl,sky_cover,cloud_base_ft_agl,sky_cover," +
  "cloud_base_ft_agl,flight_category,three_hr_pressure_tendency_mb,maxT_c,minT_c,maxT24hr_c,minT24hr_c,precip_in," +
  "pcp3hr_in,pcp6hr_in,pcp24hr_in,snow_in,vert_vis_ft,metar_type,elevation_m";
const names = bulkHeader.split(",");

/** A row of the bulk file with these cells; the layers of clouds are separated by blanks. */
export function bulkRow({ sky_cover: covers = "", ...cells }: Record<string, string>): string {
  const layers = covers.split(" ");
  const texts = names.map((name) => (name === "sky_cover" ? (layers.shift() ?? "") : (cells[name] ?? "")));
  return texts.map((text) => (text.includes(",") ? `"${text}"` : text)).join(",");
}

/** A report as the bulk file has it. */
export function bulkRowOf(station: ReplayedStation, row: Observed, rawText: string): string {
  const known = (value: number) => (Number.isNaN(value) ? "" : String(value));
  const type = row.isSpecial ? "SPECI" : "METAR";
  return bulkRow({
    raw_text: `${type} ${rawText}`,
    station_id: station.icao,
    observation_time: new Date(row.time).toISOString(),
    latitude: String(station.latitude),
    longitude: String(station.longitude),
    temp_c: known(row.temperatureC),
    dewpoint_c: known(row.dewPointC),
    wind_dir_degrees: Number.isNaN(row.windDegrees) ? "VRB" : String(row.windDegrees),
    wind_speed_kt: known(row.windKnots),
    visibility_statute_mi: "10+",
    altim_in_hg: "30.00",
    sea_level_pressure_mb: known(row.pressureHpa),
    auto: "TRUE",
    sky_cover: row.cover,
    flight_category: "VFR",
    metar_type: type,
    elevation_m: "200",
  });
}
