import { fixturePlaces, fixtureTime, type Rows } from "./fixturePlaces.js";

/** Stations that only lend their observations. */
const lenders = [
  { stationId: "USW00025503", icao: "PAKN", name: "KING SALMON AP", latitude: 58.6829, longitude: -156.6563 },
  { stationId: "USW00026411", icao: "PAFA", name: "FAIRBANKS INTL AP", latitude: 64.8039, longitude: -147.8761 },
  { stationId: "USW00025339", icao: null, name: 'YAKUTAT <i>"STATE"</i> AP', latitude: 59.512, longitude: -139.6711 },
];

const anomalies = [
  { temperatureAnomalyC: 4.24, dewPointAnomalyC: 2, pressureAnomalyHpa: -6.5, pressureChangeHpa: -2.1 },
  { temperatureAnomalyC: -0.4, dewPointAnomalyC: 0.1, pressureAnomalyHpa: 1.2, pressureChangeHpa: 0 },
  { temperatureAnomalyC: -7.5, dewPointAnomalyC: null, pressureAnomalyHpa: null, pressureChangeHpa: null },
  { temperatureAnomalyC: null, dewPointAnomalyC: null, pressureAnomalyHpa: null, pressureChangeHpa: null },
];

/** A network around Anchorage. */
export function addNetwork(rows: Rows): void {
  const members = [...lenders, fixturePlaces[1]!].sort((a, b) => (a.stationId < b.stationId ? -1 : 1));
  for (const [i, { stationId, icao, name, latitude, longitude }] of members.entries()) {
    const anomaly = anomalies[i]!;
    const reports = anomaly.temperatureAnomalyC !== null;
    rows.anomalies.push({
      ...{ stationId, icao, name, latitude, longitude, validTime: fixtureTime, ...anomaly },
      temperatureC: reports ? 12 + anomaly.temperatureAnomalyC : null,
      windSpeedMs: reports ? 4 * i : null,
      windDirectionDeg: reports && i !== 1 ? 260 : null,
    });
  }
}
