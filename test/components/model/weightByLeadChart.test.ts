// @vitest-environment jsdom

import { expect, test } from "vitest";
import { weightByLeadChart, weightByLeadTable } from "../../../src/components/model/weightByLeadChart.js";
import type { StationExplanation } from "../../../src/shared/published/stationExplanation.js";
import { words } from "../../support/drawn.js";

const leads = [1, 2, 24];
const expert = (model: string, weight: (number | null)[]) => ({ model, forecastC: leads.map(() => 0), weight });
const ofExperts = (experts: ReturnType<typeof expert>[]) =>
  ({ variables: { temperature: { leads, experts } } }) as unknown as StationExplanation;
const data = ofExperts([
  expert("persistence", [0.5, 0.4, null]),
  expert("rls", [0.25, 0.2, 0.1]),
  expert("nbm", [0.05, 0.1, 0.3]),
  expert("nbmCorrected", [0.2, 0.3, 0.6]),
  expert("nws", [0, 0, 0]),
]);

test("the weights of a source as it is and corrected are drawn together, the others as one", () => {
  const label = weightByLeadChart(data, { width: 800 }).querySelector("svg[role=img]")!.getAttribute("aria-label");
  expect(label).toBe(
    "Weights in the newest forecast, by lead: 1 h ahead NBM 25\u00a0%, observations alone 75\u00a0%; 24 h ahead NBM 90\u00a0%, observations alone 10\u00a0%.",
  );
  expect(words(weightByLeadChart(ofExperts([]), { width: 800 }))).toBe("No weights yet.");
});

test("the table has the sums and the parts of each source at the reported leads", () => {
  const rows = [...weightByLeadTable(data).querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  );
  expect(rows).toEqual([
    ["NBM", "0.250", "0.900"],
    ["– as it is", "0.050", "0.300"],
    ["– corrected", "0.200", "0.600"],
    ["observations alone", "0.750", "0.100"],
  ]);
});
