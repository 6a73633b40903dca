import fc from "fast-check";
import { expect, test } from "vitest";
import { type GuidanceValue, storeArchive, storeGuidance } from "../../../src/data/store/guidance.js";
import { columnCount, columnOf, guidanceSources, maxLeadHours } from "../../../src/model/vocabulary.js";
import { guidanceValues } from "../../../src/pipeline/train/modelInput.js";
import { hourMs } from "../../../src/shared/time.js";
import { useTemporaryStore } from "../../support/temporaryStore.js";

const temporary = useTemporaryStore();
const firstHour = 400_000;
const id = "USW00000001";
const nbm = { source: "nbm", stationId: id };

/** A run of an hour with the given temperatures by lead; missing ones are null. */
function run(hour: number, celsius: (lead: number) => number | null, leads = 80) {
  const hours: GuidanceValue[] = [];
  for (let lead = 1; lead <= leads; lead++) {
    const temperatureC = celsius(lead);
    if (temperatureC !== null)
      hours.push({ validTime: (hour + lead) * hourMs, temperatureC, dewPointC: null, temperatureSpreadC: 1 });
  }
  return { publicTime: hour * hourMs, runTime: hour * hourMs, hours };
}

async function store(hour: number, celsius: (lead: number) => number | null, now = hour): Promise<boolean> {
  const { hours, ...times } = run(hour, celsius);
  return (await storeGuidance(temporary.store, [{ run: { ...nbm, ...times }, hours }], now * hourMs)) === 1;
}

const rowsStored = async () =>
  temporary.store.all<{ issuedHour: number; n: number }>(
    `SELECT epoch_ms(issuedTime)::DOUBLE / ${hourMs} - ${firstHour} AS "issuedHour", count(leadHours)::INTEGER AS n
     FROM guidanceSeen GROUP BY ALL ORDER BY ALL`,
  );

test("a run stores only what differs from the runs before, and every run is noted", async () => {
  expect(await store(firstHour, () => 5)).toBe(true);
  expect(await store(firstHour + 1, (lead) => (lead === 7 ? 6 : 5))).toBe(true);
  expect(await store(firstHour + 2, (lead) => (lead === 6 ? 6 : lead <= 78 ? 5 : null))).toBe(true);
  expect(await store(firstHour + 2, () => 1)).toBe(false); // one run an hour
  expect(await store(firstHour + 1, () => 1, firstHour + 9)).toBe(false); // older than the newest
  // The second: one change and one new hour. The third: one hour is withdrawn.
  expect(await rowsStored()).toEqual([
    { issuedHour: 0, n: 80 },
    { issuedHour: 1, n: 2 },
    { issuedHour: 2, n: 1 },
  ]);
});

test("guidance that came after an hour was learned counts from that hour on", async () => {
  const learned = firstHour + 5;
  await temporary.store.run(
    `INSERT INTO snapshots VALUES ('${id}', make_timestamp(${learned * hourMs * 1000}), 'a', NULL, make_timestamp(0), 1, '', '', 0, true)`,
  );
  await store(firstHour + 3, () => 5, firstHour + 6);
  expect((await rowsStored())[0]).toEqual({ issuedHour: 5, n: 78 });
});

test("an archive fills what lies before and after the stored runs, and is no live guidance", async () => {
  await store(firstHour + 20, () => 5);
  const archive = [0, 10, 20, 30].map((hour) => run(firstHour + hour, () => hour));
  expect(await storeArchive(temporary.store, nbm, archive)).toBe(3);
  expect(await storeArchive(temporary.store, nbm, archive)).toBe(0);
  const first = async (hour: number, isLive: boolean) => {
    const values = (await guidanceValues(temporary.store, id, firstHour + hour, firstHour + hour, { isLive }))[0];
    return values?.[0] ?? null;
  };
  expect([await first(5, false), await first(15, false), await first(25, false), await first(35, false)]).toEqual([
    0, 10, 5, 30,
  ]);
  expect([await first(15, true), await first(25, true)]).toEqual([null, 5]);
});

test("a run that repeats imported values is stored with them, because live scores leave out what was imported", async () => {
  await store(firstHour, () => 5);
  await storeArchive(temporary.store, nbm, [run(firstHour + 2, () => 7)]);
  await store(firstHour + 4, () => 7, firstHour + 4);
  for (const isLive of [true, false]) {
    const values = await guidanceValues(temporary.store, id, firstHour + 5, firstHour + 5, { isLive });
    expect([values[0]![0], values[0]![40]]).toEqual([7, 7]);
  }
});

test("what is stored gives at each hour the newest value of each hour ahead, whatever the runs were", async () => {
  const runs = fc.array(
    fc.record({ gap: fc.integer({ min: 1, max: 9 }), seed: fc.nat(50), leads: fc.integer({ min: 1, max: 90 }) }),
    { minLength: 1, maxLength: 6 },
  );
  const sources = new Set<string>();
  await fc.assert(
    fc.asyncProperty(runs, async (given) => {
      const stationId = `USW${String(sources.size).padStart(8, "0")}`;
      sources.add(stationId);
      let hour = firstHour;
      const known = new Map<number, number>();
      for (const { gap, seed, leads } of given) {
        hour += gap;
        const { hours, ...times } = run(
          hour,
          (lead) => ((lead * seed) % 7 === 3 ? null : (hour + lead * seed) % 3),
          leads,
        );
        const seen = { run: { source: "nbm", stationId, ...times }, hours };
        const other = { run: { ...seen.run, stationId: "USW99999999" }, hours };
        await storeGuidance(temporary.store, [seen, other], hour * hourMs);
        for (const validHour of [...known.keys()]) if (validHour > hour) known.delete(validHour);
        for (const { validTime, temperatureC } of hours) known.set(validTime / hourMs, temperatureC);
      }
      const values = (await guidanceValues(temporary.store, stationId, hour + 1, hour + 1))[
        guidanceSources.indexOf("nbm")
      ]!;
      expect(values).toHaveLength(columnCount);
      for (let lead = 1; lead <= maxLeadHours; lead++) {
        const expected = known.get(hour + 1 + lead);
        if (expected !== undefined) expect(values[columnOf(0, lead)]).toBe(expected);
      }
    }),
    { numRuns: 15 },
  );
});
