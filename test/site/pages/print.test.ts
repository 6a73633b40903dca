import { expect, test } from "vitest";
import { visit } from "../../support/visit.js";

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
  "details:not(.entry) > summary",
];

test.each(["", "station/KATL", "evaluation", "model", "data", "explore"])(
  "/%s prints dark on white, also in dark mode, and without controls",
  (address) =>
    visit(
      `${address}?station=KATL`,
      async (page) => {
        const colours = () =>
          page.evaluate(() => {
            const style = getComputedStyle(document.body);
            const paper = getComputedStyle(document.documentElement).backgroundColor;
            return [[paper, style.backgroundColor].find((colour) => colour !== "rgba(0, 0, 0, 0)"), style.color];
          });
        const onScreen = await colours();
        await page.emulateMedia({ media: "print", colorScheme: "dark" });
        expect(await colours()).toEqual(["rgb(255, 255, 255)", "rgb(21, 33, 44)"]);
        expect(onScreen).not.toEqual(await colours());
        for (const selector of onPaper)
          expect([selector, await page.locator(`${selector}:visible`).count()]).not.toEqual([selector, 0]);
        for (const selector of onScreenOnly)
          expect([selector, await page.locator(`${selector}:visible`).count()]).toEqual([selector, 0]);
        for (const chart of await page.locator("figure.chart:visible").all())
          expect(await chart.evaluate((figure) => getComputedStyle(figure).breakInside)).toBe("avoid");
      },
      { colorScheme: "dark" },
    ),
);
