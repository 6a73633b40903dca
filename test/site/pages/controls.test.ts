import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { modelStyle } from "../../../src/components/chart/modelStyle.js";
import { expertNames } from "../../../src/model/vocabulary.js";
import { visit } from "../../support/visit.js";

/** All controls of a page except links to stations, by kind and name. */
async function controlsOf(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    for (const section of document.querySelectorAll<HTMLDetailsElement>(".more > details")) section.open = true;
  });
  return page
    .locator("main :is(button, select, input, summary, a[href]:not([data-station], [class])):not(.entry *)")
    .evaluateAll((controls) => [
      ...new Set(
        controls.map((control) => {
          const own = control.closest("label")?.querySelector("span")?.textContent;
          const label = control.getAttribute("aria-label") ?? own;
          const group = control.closest("fieldset")?.querySelector("legend")?.textContent;
          // What is folded has no inner text; a reason's words depend on the weather.
          const text = control.matches(".explanation *") ? control.firstChild : control;
          const name = control.matches(".timeline input") ? "a snapshot" : (label ?? text?.textContent?.trim());
          const kind = control instanceof HTMLInputElement ? control.type : control.localName;
          return [kind, group, name].filter(Boolean).join(": ").replace(/\s+/g, " ");
        }),
      ),
    ]);
}

const ordered = (names: string[]) => [...names].sort();
const quantity = ["radio: Quantity: Temperature", "radio: Quantity: Dew point"];
const unit = ["radio: Unit: °C", "radio: Unit: °F"];

// A test of each page uses each of these and compares the result with the published numbers. A new control is added here
// and there.
test.each([
  [
    "",
    [
      "select: Station",
      ...quantity,
      ...unit,
      "radio: Time: Station",
      "radio: Time: UTC",
      "radio: Time: Mine",
      "checkbox: Also show: Dew point",
      "checkbox: Also show: Baselines",
      "checkbox: Also show: Guidance",
      "checkbox: Also show: Possible courses",
      "checkbox: Threshold",
      "number: Odds below, °C",
      "range: Hour to read",
      "range: Forecast issued Mon 9 Mar 14:00 EDT (newest)",
      "button: A day earlier",
      "button: An hour earlier",
      "button: An hour later",
      "button: A day later",
      "button: Newest",
      "summary: How true such answers have been",
      "a: Last night’s low",
      "a: Yesterday’s high",
      "a: Permanent link: evening of Sun 8 Mar 2026",
      "button: Copy link",
      "button: Evening before",
      "date: Evening of",
      "button: Evening after",
      "button: Last night",
      "summary: Numbers and receipt",
      "a: ledger",
      "summary: The forecast as a table",
      "summary: Why this forecast? Choose an hour of the chart.",
      "range: Hours ahead",
      "a: More about the model and the parts of its forecast",
      "button: Download CSV",
      "select: On the map",
      "summary: The network now as a table",
      "datetime-local: or any hour since 28 Jan 2026 (UTC)",
      "search: Find",
      "select: Order",
      "button: Station",
      "button: Now, °C",
      "button: Next low",
      "button: Next high",
      "button: Spread",
      "button: EWMAE",
      "button: Skill",
      "button: Against guidance",
      "button: Data",
      "a: Forecast, CSV",
      "a: Forecast, JSON",
      "a: Observations, Parquet",
      "a: Chart, SVG",
      "a: Alarms and scorecards, JSON Feed",
      "a: Lows and highs, CSV",
    ],
  ],
  [
    "evaluation",
    [
      "select: Station",
      ...quantity,
      ...unit,
      "select: Period",
      "select: Lead",
      "select: Month",
      "range: Point of the chart",
      "summary: Errors 24 h ahead by month, °C, as a table",
      "summary: Coverage by lead as a table",
      "button: Download CSV",
      "summary: PIT histogram as a table",
      "summary: Odds of frost as a table",
      "summary: Odds of heat as a table",
      "summary: Errors by month and hour as a table",
      "summary: The newest EWMAE of each lead, °C, as a table",
      "summary: EWMAE at the end of each day, ε = 0.1, °C, as a table",
      "summary: Errors of 4 stations as a table",
      "summary: Is the difference significant? Skill by lead, with 95 % intervals",
      "summary: Live forecasts Only those published before their first valid time",
      "summary: One lead in detail PIT histogram, and the error by month and hour",
      "summary: Worst misses The largest errors, with links to their forecasts",
      "summary: All stations Error and skill of each, for the chosen lead",
      "summary: How forecasts are scored As issued, once, before the model learns",
      "a: EWMAE",
      "a: Month by month",
      "a: Error by lead",
      "a: Calibration",
      "a: Lows, highs, frost and heat",
      "a: Significance",
      "a: Live forecasts",
      "a: One lead in detail",
      "a: Worst misses",
      "a: All stations",
      "a: How forecasts are scored",
      "a: live forecasts",
      "a: scored separately",
    ],
  ],
  [
    "model",
    [
      "select: Station",
      ...quantity,
      "range: Hours ahead",
      "select: Hours ahead",
      "radio: Snapshot: a snapshot",
      "button: last 12 hours",
      "button: the days before",
      "button: means of days and weeks",
      "button: humidity",
      "button: daily cycle",
      "button: season and usual level",
      "button: pressure",
      "button: wind",
      "button: cloud",
      "button: nonlinear features",
      "radio: Rows: Lags of temperature",
      "radio: Rows: All own features",
      "summary: The weights as a table",
      "summary: The newest weights of the experts as a table",
      "summary: The weights of the network as a table",
      "summary: The newest snapshots as a table",
      "summary: Digests of this snapshot",
      "summary: The formula of the weights",
      "summary: The formulas",
      "button: Download CSV",
      "text: Lags of temperature, hours",
      "text: δ, prior variance of the weights",
      "text: λ, forgetting factor per hour",
      "text: ε of EWMAE",
      ...expertNames.map((name) => `checkbox: Experts: ${modelStyle(name).label}`),
      "checkbox: Other stations: their reports (the network)",
      "checkbox: Other stations: what they learned before (the prior; needs the network)",
      "button: Replay",
      "button: Cancel",
      "button: As published",
    ],
  ],
  [
    "data",
    [
      "search: Find",
      "select: Order",
      "button: Station",
      "button: Newest",
      "button: Sources, 7 days",
      "button: Missing, 7 days",
      "button: Missing, total",
      "button: Late",
      "button: Corrected",
      "button: Rejected",
      "button: Alarms",
      "button: Requests",
      "button: Failed",
      "button: Fetched",
      "select: Station",
      ...quantity,
      "summary: Hours by source as a table",
      "button: Download CSV",
      "select: Check",
      "radio: Outcome: All",
      "radio: Outcome: Rejected",
      "radio: Outcome: Used anyway",
      "search: Containing",
      "range: Point of the chart",
      "summary: Gaps 1 since training started",
      "summary: Corrected and late 2 in the last sixty days",
      "summary: Rejected values 2 in all data read so far",
      "summary: Alarms 1 so far",
      "summary: Failed requests 1 for this station alone in the last seven days",
      "summary: Requests to NOAA In the last sixty days, for all stations",
      "summary: Failed checks For all stations and all data read so far",
      "summary: Runs The newest first",
      "summary: Ledger What was known and issued when",
      ...["All stations", "One station in detail", "Gaps", "Corrected and late", "Rejected values"].map(
        (name) => `a: ${name}`,
      ),
      ...["Alarms", "Requests", "Runs", "Ledger", "api/ledger.json"].map((name) => `a: ${name}`),
    ],
  ],
  [
    "explore",
    [
      "a: in SQL",
      "a: notebook",
      "a: in another program",
      "a: data dictionary",
      "button",
      "summary: Code of this page",
      "search: Find tables and columns",
      "select: Table or file",
    ],
  ],
])("/%s has only controls that a test uses", (address, expected) =>
  visit(`${address}?station=KATL&unit=C`, async (page) => {
    expect(ordered(await controlsOf(page))).toEqual(ordered(expected));
  }),
);
