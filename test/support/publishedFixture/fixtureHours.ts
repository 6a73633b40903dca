import { dayMs, hourMs, minuteMs } from "../../../src/shared/time.js";
import { fixtureTemperature, hundredths, jitter, type Place, type Rows } from "./fixturePlaces.js";

export function addHours(rows: Rows, place: Place, from: number, to: number): void {
  for (let validTime = from; validTime <= to; validTime += hourMs) {
    const ago = (to - validTime) / hourMs;
    const gap = ago >= 30 && ago < 37;
    const temperatureC = gap ? null : fixtureTemperature(place, validTime);
    const dewPointC = temperatureC === null ? null : hundredths(temperatureC - 4 - jitter(validTime / hourMs + 7));
    const temperatureSource = ago < 48 ? "awc" : "ghcnh";
    const sources = temperatureC === null ? null : temperatureSource;
    const values = { temperatureC, dewPointC, temperatureSource: sources, dewPointSource: sources };
    rows.hours.push({ stationId: place.stationId, validTime, ...values });
    if (gap) continue;
    rows.learnedHours.push({
      stationId: place.stationId,
      validTime,
      temperatureC,
      dewPointC,
      seaLevelPressureHpa: hundredths(1013 + 6 * Math.sin(validTime / dayMs / 1.7 + 2)),
      windSpeedMs: hundredths(4 + 2 * jitter(validTime / hourMs + 3)),
      windDirectionDeg: ago % 7 === 0 ? null : 10 * Math.round(18 + 17 * Math.sin(validTime / dayMs)),
      cloudCoverOktas: Math.round(4 + 4 * jitter(validTime / hourMs + 5)),
    });
  }
  // One value was corrected by the day's file, one came when its hour had passed.
  const change = { stationId: place.stationId, variable: "temperature", firstSource: "awc" } as const;
  for (const [ago, late] of [
    [50, false],
    [60, true],
  ] as const) {
    const validTime = to - ago * hourMs;
    const value = fixtureTemperature(place, validTime);
    const times = {
      validTime,
      reportTime: validTime - 9 * minuteMs,
      firstSeenTime: validTime + (late ? 9 * hourMs : 0),
    };
    const values = { firstValue: late ? value : value + 1.1, value, corrections: late ? 0 : 1, late };
    rows.corrections.push({ ...change, ...times, ...values, source: "ghcnh" });
  }
}
