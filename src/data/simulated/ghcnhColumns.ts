const place = ["STATION", "Station_name", "DATE", "Year", "Month", "Day", "Hour", "Minute"];
const position = ["LATITUDE", "LONGITUDE", "ELEVATION"];

const layers = (name: string) => [1, 2, 3, 4].map((layer) => `${name}_${layer}`);
const variables = [
  ...["temperature", "dew_point_temperature", "station_level_pressure", "sea_level_pressure"],
  ...["wind_direction", "wind_speed", "wind_gust", "precipitation", "relative_humidity", "wet_bulb_temperature"],
  ...["MW1", "MW2", "MW3", "AU1", "AU2", "AU3", "AW1", "AW2", "AW3"].map((code) => `pres_wx_${code}`),
  ...["snow_depth", "visibility", "altimeter", "pressure_3hr_change", "sky_condition", "sky_condition_baseht"],
  "ceiling_height",
  ...["sky_cover_layer", "sky_cover_layer_baseht", "sky_cover_summation", "sky_cover_summation_baseht"].flatMap(layers),
  ...["5_minute", "15_minute"].map((period) => `precipitation_${period}`),
  ...[3, 6, 9, 12, 15, 18, 21, 24].map((hours) => `precipitation_${hours}_hour`),
  "REM",
];
const attributes = ["", "_Measurement_Code", "_Quality_Code", "_Report_Type", "_Source_Code", "_Source_Station_ID"];

/** The 329 columns of GHCNh v1.1.0, in order. */
export const ghcnhColumns: readonly string[] = [
  ...place,
  ...position,
  ...variables.flatMap((variable) => attributes.map((attribute) => `${variable}${attribute}`)),
];
