import { replayedWeather } from "../test/support/replayedWeather.js";
import { startReplay } from "../test/support/replayNoaa.js";

/** NOAA in its own process, so that its memory and time are not measured. */
const [count, first, hours] = process.argv.slice(2).map(Number) as [number, number, number];

/** ICAO codes: KAAA, KAAB, … */
const codes = Array.from({ length: count }, (_, i) =>
  [26 * 26, 26, 1].reduce((code, place) => code + String.fromCharCode(65 + (Math.floor(i / place) % 26)), "K"),
);
const weather = [replayedWeather("KJFK", first, hours), replayedWeather("KORD", first, hours)] as const;
const stations = codes.map((icao, i) => {
  // Each at its own place, because official forecasts are requested by place.
  const [latitude, longitude] = [30 + (i % 40) / 2, -120 + Math.floor(i / 40) * 1.5];
  return { stationId: `USW${90000000 + i}`, icao, latitude, longitude, observed: weather[i % 2 ? 1 : 0].observed };
});

/** The message sent when it is ready. */
export interface SimulatedNoaa {
  hosts: readonly [files: string, awc: string, nws: string];
  stations: { id: string; icao: string }[];
}

const noaa = await startReplay(stations, first);
process.on("message", (now: number) => {
  noaa.now = now;
  process.send!("set");
});
const message: SimulatedNoaa = {
  hosts: noaa.hosts,
  stations: stations.map(({ stationId: id, icao }) => ({ id, icao })),
};
process.send!(message);
