import { expect, test } from "vitest";
import { comparedAlarms } from "../../../src/pipeline/publish/comparedAlarms.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const context = useTemporaryStore();
const raised = Date.UTC(2025, 5, 20, 12);
const side = "forecasts too low";

/** Fills the store with a daily cycle at a station and its neighbours, to which the last day adds so many °C. */
async function fill(changes: Readonly<Record<string, number>>): Promise<void> {
  const { store } = context;
  await store.insert(
    "networkPlaces",
    Object.keys(changes).map((stationId, i) => ({ stationId, latitude: 40 + i / 2, longitude: -74 })),
  );
  const hours = Object.entries(changes).flatMap(([stationId, change]) =>
    Array.from({ length: 24 * 16 }, (_, ago) => {
      const validTime = raised - ago * hourMs;
      const value = 15 + 8 * Math.sin((validTime / dayMs) * 2 * Math.PI) + (ago < 24 ? change : 0);
      const seen = { firstSource: "awc", firstSeenTime: validTime, source: "awc", reportTime: validTime };
      const row = { stationId, validTime, variable: "temperature", firstValue: value, value, reportType: "FM-15" };
      return { ...row, ...seen, inNetwork: true };
    }),
  );
  // Later hours tell nothing about an alarm.
  await store.insert("hours", [...hours, { ...hours[0]!, validTime: raised + hourMs, firstValue: 99 }]);
  await store.insert("alarms", [{ stationId: "own", variable: "temperature", time: raised, side }]);
}

test.each([
  ["weather", { own: 6, a: 5, b: 7, c: 4 }, [6, 3, 5]],
  ["sensor", { own: 6, a: 0, b: 0.5, c: -1 }, [6, 3, 0]],
  // The station did not change as its errors say.
  ["unknown", { own: 0.3, a: 0.2, b: 0.1, c: 0 }, [0.3, 3, 0.1]],
  // Too few neighbours, and none.
  ["unknown", { own: 6, a: 6, b: 6 }, [6, 2, 6]],
  ["unknown", { own: 6 }, [6, 0, null]],
] as const)("an alarm is compared with the neighbours: %s", async (cause, changes, [changeC, neighbours, around]) => {
  await fill(changes);
  const [alarm, ...others] = await context.store.all(comparedAlarms);
  expect(others).toEqual([]);
  expect(alarm).toMatchObject({ stationId: "own", side, changeC, neighbours, neighbourChangeC: around, cause });
});

test("neighbours are near, and the other side needs the other sign", async () => {
  await fill({ own: -6, a: -5, b: -7, c: -4 });
  await context.store.run("UPDATE alarms SET side = 'forecasts too high'");
  expect(await context.store.all(comparedAlarms)).toMatchObject([{ cause: "weather" }]);
  await context.store.run("UPDATE networkPlaces SET latitude = -40 WHERE stationId <> 'own'");
  expect(await context.store.all(comparedAlarms)).toMatchObject([{ cause: "unknown", neighbours: 0 }]);
});
