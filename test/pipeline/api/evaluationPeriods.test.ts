import fc from "fast-check";
import { expect, test } from "vitest";
import { spinUpEnd } from "../../../src/pipeline/api/evaluationPeriods.js";
import { dayMs, hourMs } from "../../../src/shared/time.js";

test.each([
  ["2025-01-01T00:00Z", "2025-02-01"],
  ["2025-02-01T00:00Z", "2025-03-01"],
  ["2025-01-20T07:00Z", "2025-03-01"],
  ["2024-12-04T00:00Z", "2025-01-01"],
  ["2024-12-04T01:00Z", "2025-02-01"],
])("the spin-up of a model trained since %s ends on %s", (start, end) => {
  expect(new Date(spinUpEnd(Date.parse(start))).toISOString().slice(0, 10)).toBe(end);
});

test("a spin-up ends with a month, after 28 to 59 days", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 600_000 }), (hour) => {
      const end = spinUpEnd(hour * hourMs);
      expect(new Date(end).toISOString()).toMatch(/-01T00:00:00.000Z$/);
      const days = (end - hour * hourMs) / dayMs;
      expect(days).toBeGreaterThanOrEqual(28);
      expect(days).toBeLessThan(59);
    }),
  );
});
