import fc from "fast-check";
import { expect, test } from "vitest";
import { slotOf, slotsPerVariable } from "../../../src/model/forecaster/pendingForecasts.js";
import { maxLeadHours } from "../../../src/model/vocabulary.js";

test("a forecast is read exactly its lead later", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_500_000, max: 1_500_000 }), (start) => {
      const slots = new Float64Array(slotsPerVariable).fill(Number.NaN);
      for (let hour = start; hour < start + 3 * maxLeadHours; hour++) {
        for (let lead = 1; lead <= maxLeadHours; lead++) {
          const issued = hour - lead;
          const read = slots[slotOf(hour, lead)];
          if (issued < start) expect(read).toBeNaN();
          else if (read !== issued * 100 + lead) expect.fail(`lead ${lead} read ${read} at hour ${hour}`);
        }
        for (let lead = 1; lead <= maxLeadHours; lead++) slots[slotOf(hour, lead)] = hour * 100 + lead;
      }
    }),
    { numRuns: 10 },
  );
});

test("every slot is used by exactly one lead", () => {
  const owners = new Map<number, number>();
  for (let hour = 0; hour < maxLeadHours; hour++)
    for (let lead = 1; lead <= maxLeadHours; lead++) {
      const slot = slotOf(hour, lead);
      expect(owners.get(slot) ?? lead).toBe(lead);
      owners.set(slot, lead);
    }
  expect([...owners.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: slotsPerVariable }, (_, i) => i));
});
