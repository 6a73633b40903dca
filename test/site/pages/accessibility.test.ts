import { expect, test } from "vitest";
import { axeFindings } from "../../support/axeFindings.js";
import { visit } from "../../support/visit.js";

const pages = ["", "evaluation", "model", "data", "explore", "station/KATL"];

test.each(pages)("axe finds no problem on /%s in light and dark", (address) =>
  visit(`${address}?station=KATL`, async (page) => {
    // The dictionary's entries are all alike, so a few are enough.
    const entries = await page.locator("summary").all();
    for (const summary of entries.slice(0, 12)) await summary.click();
    expect(await axeFindings(page)).toEqual([]);
  }),
);

test.each(pages)(
  "axe finds no problem on /%s on a phone in light and dark, and nothing is wider than the screen",
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
