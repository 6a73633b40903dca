import { expect, it } from "vitest";
import { tenth } from "../../../src/pipeline/replay/forecastRows.js";

it("rounds to the tenth, never to -0, and keeps missing values", () => {
  expect([1.24, -1.26, Number.NaN].map(tenth)).toEqual([1.2, -1.3, null]);
  for (const value of [0, -0, 0.04, -0.04]) expect(Object.is(tenth(value), 0)).toBe(true);
});
