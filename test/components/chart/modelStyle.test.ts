import { expect, test } from "vitest";
import { featureLabel } from "../../../src/components/chart/modelStyle.js";
import { featureNames } from "../../../src/model/features/features.js";

test("feature labels are unique and use only common characters", () => {
  expect(featureLabel("Td₋0")).toBe("Td−0");
  expect(featureLabel("(T - T₋₂₄) × cos day")).toBe("(T - T−24) × cos day");
  const labels = featureNames.map(featureLabel);
  for (const label of labels) expect(label).not.toMatch(/[₀-₉₋]/);
  expect(new Set(labels).size).toBe(featureNames.length);
});
