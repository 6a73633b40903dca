import { expect, test } from "vitest";
import { axeFindings } from "../../support/axeFindings.js";
import { visit } from "../../support/visit.js";

const pages = ["", "evaluation", "model", "data", "explore", "station/KATL"];

test.each(pages)("axe finds nothing on /%s in either mode", (address) =>
  visit(`${address}?station=KATL`, async (page) => {
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await axeFindings(page)).toEqual([]);
  }),
);

test.each(pages)(
  "axe finds nothing on /%s on a phone in either mode, and nothing is wider than the screen",
  (address) =>
    visit(
      `${address}?station=AYM00089009`,
      async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        expect(await axeFindings(page)).toEqual([]);
      },
      { viewport: { width: 360, height: 740 } },
    ),
);
