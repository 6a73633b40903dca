import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { visit } from "../../support/visit.js";

const pages = ["", "evaluation", "model", "data", "explore", "station/KATL"];

/** What depends on colours; the rest is the same in either mode. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

/** What axe finds, all of it in light mode and what depends on colours in dark mode. */
async function findings(page: Page): Promise<string[]> {
  const inLight = await new AxeBuilder({ page }).analyze();
  await page.emulateMedia({ colorScheme: "dark" });
  const inDark = await new AxeBuilder({ page }).withRules(rulesOfColour).analyze();
  return Object.entries({ light: inLight, dark: inDark }).flatMap(([mode, { violations }]) =>
    violations.map(({ id, nodes }) => `${id}, ${mode}: ${nodes.map(({ html }) => html).join(" | ")}`),
  );
}

test.each(pages)("axe finds nothing on /%s in either mode", (address) =>
  visit(
    `${address}?station=KATL`,
    async (page) => {
      for (const summary of await page.locator("summary").all()) await summary.click();
      expect(await findings(page)).toEqual([]);
    },
    { colorScheme: "light" },
  ),
);

test.each(pages)(
  "axe finds nothing on /%s on a phone in either mode, and nothing is wider than the screen",
  (address) =>
    visit(
      `${address}?station=AYM00089009`,
      async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        expect(await findings(page)).toEqual([]);
      },
      { colorScheme: "light", viewport: { width: 360, height: 740 } },
    ),
);
