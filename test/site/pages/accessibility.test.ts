import { AxeBuilder } from "@axe-core/playwright";
import { describe, expect, test } from "vitest";
import { visit } from "../../support/visit.js";

const pages = ["", "evaluation", "model", "data", "explore", "station/KATL"];

describe.each(["light", "dark"] as const)("in %s mode", (colorScheme) => {
  test.each(pages)("axe finds nothing on /%s", (address) =>
    visit(
      `${address}?station=KATL`,
      async (page) => {
        for (const summary of await page.locator("summary").all()) await summary.click();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
      },
      { colorScheme },
    ),
  );

  test.each(pages)("axe finds nothing on /%s on a phone, and nothing is wider than the screen", (address) =>
    visit(
      `${address}?station=AYM00089009`,
      async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id }) => id)).toEqual([]);
      },
      { colorScheme, viewport: { width: 360, height: 740 } },
    ),
  );
});
