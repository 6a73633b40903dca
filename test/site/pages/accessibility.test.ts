import { expect, test } from "vitest";
import { axeFindings } from "../../support/axeFindings.js";
import { visit } from "../../support/visit.js";

const pages = ["", "evaluation", "model", "data", "explore", "station/KATL"];

test.each(pages)("axe finds nothing on /%s in either mode", (address) =>
  visit(`${address}?station=KATL`, async (page) => {
    // Of the dictionary's many entries, which are all alike, a few.
    const entries = await page.locator("summary").all();
    for (const summary of entries.slice(0, 12)) await summary.click();
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
