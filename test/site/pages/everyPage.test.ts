import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { axeFindings } from "../../support/axeFindings.js";
import { visit } from "../../support/visit.js";
import { expectWholeLabels } from "../../support/wholeLabels.js";

const pages = ["", "evaluation", "model", "data", "explore", "notebook", "station/KATL"];

const hasCharts = (address: string) => address !== "explore";

test.each(pages)(
  "/%s has whole labels, no problem that axe finds in light or dark, and prints dark on white without controls",
  (address) =>
    visit(`${address}?station=KATL`, async (page) => {
      if (hasCharts(address)) await expectWholeLabels(page);
      // The dictionary's entries are all alike, so a few are enough.
      await page.locator("summary").evaluateAll((entries) => {
        for (const summary of entries.slice(0, 12)) (summary as HTMLElement).click();
      });
      expect(await axeFindings(page)).toEqual([]);
      await expectPrinted(page, hasCharts(address) ? onPaper : onPaper.slice(1));
    }),
);

test.each(pages)(
  "/%s on a phone has nothing wider than the screen, whole labels, and no problem that axe finds",
  (address) =>
    visit(
      `${address}?station=AYM00089009`,
      async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        if (hasCharts(address)) await expectWholeLabels(page);
        expect(await axeFindings(page, { inDark: false })).toEqual([]);
      },
      { viewport: { width: 360, height: 740 } },
    ),
);

const onPaper = ["figure.chart", "h1", "h2", "footer"];
/** Buttons and summaries that are headings stay, as do the beads of the timeline. */
const onScreenOnly = [
  ".controls",
  ".masthead nav",
  ".reader",
  ".skip",
  ".newer",
  "main button:not(th *)",
  "main input:not(.timeline *)",
  "details:not(.entry, .more > *) > summary",
];

/** Expects a page that is open in dark mode to print on white. */
async function expectPrinted(page: Page, expected: string[]): Promise<void> {
  const colours = () =>
    page.evaluate(() => {
      const style = getComputedStyle(document.body);
      const paper = getComputedStyle(document.documentElement).backgroundColor;
      return [[paper, style.backgroundColor].find((colour) => colour !== "rgba(0, 0, 0, 0)"), style.color];
    });
  await page.emulateMedia({ colorScheme: "dark" });
  const onScreen = await colours();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await colours()).toEqual(["rgb(255, 255, 255)", "rgb(21, 33, 44)"]);
  expect(onScreen).not.toEqual(await colours());
  const visible = (selectors: string[]) =>
    page.evaluate(
      (all) =>
        all.filter((selector) => [...document.querySelectorAll(selector)].some((element) => element.checkVisibility())),
      selectors,
    );
  expect(await visible(onPaper)).toEqual(expected);
  expect(await visible(onScreenOnly)).toEqual([]);
  const breaks = await page
    .locator("figure.chart:visible")
    .evaluateAll((charts) => charts.map((figure) => getComputedStyle(figure).breakInside));
  expect(breaks.filter((inside) => inside !== "avoid")).toEqual([]);
}
