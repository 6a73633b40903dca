import { expect, test } from "vitest";
import { visit } from "../../support/visit.js";
import { expectWholeLabels } from "../../support/wholeLabels.js";

const pages = ["", "evaluation", "model", "data", "notebook"];
const places = pages.flatMap((page) => [360, 1280].map((width) => [page, width] as const));

// With usual letters they are checked where each page is looked at in general.
test.each(places)("every label on /%s is inside its chart, %i pixels wide, also with wide letters", (address, width) =>
  visit(
    address,
    async (page) => {
      const spacing = await page
        .locator("svg text")
        .first()
        .evaluate((text) => getComputedStyle(text).letterSpacing);
      expect(spacing).toBe("2px");
      await expectWholeLabels(page);
    },
    { viewport: { width, height: 740 }, initScript: widenLetters },
  ),
);

/** Before the page's own code runs, so that it measures these letters. */
function widenLetters(): void {
  document.addEventListener("readystatechange", () => {
    const sheet = document.createElement("style");
    sheet.textContent = "svg text { letter-spacing: 2px !important }";
    if (document.readyState === "interactive") document.head.append(sheet);
  });
}
