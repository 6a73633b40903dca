import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** What depends on colours; the rest is the same in either mode. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

/**
 * What axe finds on a page, all of it in light mode and what depends on colours in dark mode.
 * @param inDark whether to look at it in dark mode too; defaults to true
 */
export async function axeFindings(page: Page, { inDark = true } = {}): Promise<string[]> {
  // The pages have no frames, for which axe would open a page of its own.
  const axe = () => new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  await page.emulateMedia({ colorScheme: "light" });
  const found = { light: await axe().analyze() };
  if (inDark) {
    await page.emulateMedia({ colorScheme: "dark" });
    Object.assign(found, { dark: await axe().withRules(rulesOfColour).analyze() });
  }
  return Object.entries(found).flatMap(([mode, { violations }]) =>
    violations.map(({ id, nodes }) => `${id}, ${mode}: ${nodes.map(({ html }) => html).join(" | ")}`),
  );
}
