import type { ConfigInput } from "./src/shared/config.js";

/** The deployment: stations, sources and training start. `src/shared/config.ts` describes every setting. */
export default {
  // The places of the original demo come first, then airports in other climates.
  stations: [
    { id: "USW00013874", icao: "KATL" },
    { id: "USW00024233", icao: "KSEA" },
    { id: "INI0000VOHS", icao: "VOHS", name: "Hyderabad" },
    { id: "INI0000VABB", icao: "VABB", name: "Mumbai" },
    { id: "USW00014898", icao: "KGRB" },
    { id: "USW00023293", icao: "KSJC" },
    { id: "USW00094789", icao: "KJFK" },
    { id: "USW00094846", icao: "KORD" },
    { id: "USW00003017", icao: "KDEN" },
    { id: "USW00023183", icao: "KPHX" },
    { id: "USW00012839", icao: "KMIA" },
    { id: "USW00014922", icao: "KMSP" },
    { id: "USW00014739", icao: "KBOS" },
    { id: "USW00026451", icao: "PANC" },
  ],

  // Stations around these that only lend their observations. These 45 fill four fifths of the points at which the model
  // looks at the weather around; twice as many fill few more. Farther ones would add nothing.
  network: { within: 1500, max: 45 },

  // What stations start with: the weights that come with isotherm, learned at eleven other stations in 2016 to 2020.
  prior: "shipped",

  // Past days of the National Blend of Models that a new station learns from, so that it knows at once what it is worth.
  backfillDays: 30,

  // First hour of history to learn from; null for 1 January of last year.
  genesis: null,
  maxLeadHours: 72,

  // An email address or web page, sent to NOAA with each request so that they can reach you.
  contact: null,

  // Mirrors are tried in this order.
  sources: {
    ghcnh: [
      "https://noaa-ghcnh-pds.s3.amazonaws.com/hourly/",
      "https://www.ncei.noaa.gov/oa/global-historical-climatology-network/hourly/",
    ],
    isd: ["https://www.ncei.noaa.gov/"],
    awc: ["https://aviationweather.gov/"],
    nws: ["https://api.weather.gov/"],
    // The bulletins of the National Blend of Models.
    nbm: ["https://noaa-nbm-grib2-pds.s3.amazonaws.com/", "https://nomads.ncep.noaa.gov/pub/data/nccf/com/blend/prod/"],
  },
} satisfies ConfigInput;
