import type { ConfigInput } from "./src/shared/config.js";

/** The deployment: which stations, which sources, from when on. See `src/shared/config.ts` for every setting. */
export default {
  // The places of the seed's dashboard come first, then airports in other climates.
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

  // null: 1 January of last year.
  genesis: null,
  maxLeadHours: 72,

  // An address or a page, sent to NOAA with each request so that they can reach whoever runs this.
  contact: null,

  // Mirrors in the order in which they are tried.
  sources: {
    ghcnh: [
      "https://noaa-ghcnh-pds.s3.amazonaws.com/hourly/",
      "https://www.ncei.noaa.gov/oa/global-historical-climatology-network/hourly/",
    ],
    isd: ["https://www.ncei.noaa.gov/"],
    awc: ["https://aviationweather.gov/"],
    nws: ["https://api.weather.gov/"],
  },
} satisfies ConfigInput;
