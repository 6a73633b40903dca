import { hourMs, minuteMs } from "../../src/shared/time.js";
import type { Observed, ReplayedStation } from "./replayNoaa.js";

const covers = ["CLR", "FEW", "SCT", "BKN", "OVC"] as const;

const places = {
  KORD: { stationId: "USW00094846", latitude: 41.9602, longitude: -87.9316 },
  KJFK: { stationId: "USW00094789", latitude: 40.6392, longitude: -73.7639 },
  EBBR: { stationId: "BEI0000EBBR", latitude: 50.901, longitude: 4.4844 },
};

/** A place with made-up weather: routine reports at :51 of every hour, some specials, tenths of a degree. */
export function replayedWeather(icao: keyof typeof places, from: number, hours: number): ReplayedStation {
  const shift = icao.charCodeAt(1);
  const observed = Array.from({ length: hours }, (_, i): Observed[] => {
    const temperatureC = tenths(
      4 + 7 * Math.sin(((i + shift) / 24) * 2 * Math.PI) + 3 * Math.sin(i / 31) + 0.3 * Math.cos(i * i),
    );
    const report: Observed = {
      time: from + i * hourMs + 51 * minuteMs,
      temperatureC,
      dewPointC: tenths(temperatureC - 4 - Math.sin(i / 9)),
      pressureHpa: tenths(1013 + 8 * Math.sin(i / 40)),
      windKnots: (i * 7) % 18,
      windDegrees: i % 11 === 0 ? Number.NaN : 10 + ((i * 30) % 350),
      cover: covers[i % 5]!,
      isSpecial: false,
    };
    if (i % 7 !== 3) return [report];
    return [
      report,
      { ...report, time: report.time + 26 * minuteMs, temperatureC: tenths(temperatureC + 0.8), isSpecial: true },
    ];
  }).flat();
  return { icao, ...places[icao], observed };
}

/** Tenths, and never -0. */
function tenths(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}
