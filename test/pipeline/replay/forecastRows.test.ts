import { expect, it } from "vitest";
import { tenth } from "../../../src/pipeline/replay/forecastRows.js";

it("rounds to the tenth, to 0 on both sides of it, and keeps what is missing", () => {
  expect([1.24, -1.26, Number.NaN].map(tenth)).toEqual([1.2, -1.3, null]);
  for (const value of [0, -0, 0.04, -0.04]) expect(Object.is(tenth(value), 0)).toBe(true);
});
