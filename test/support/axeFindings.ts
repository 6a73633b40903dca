import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** What depends on colours; the rest is the same in either mode. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

/** What axe finds on a page, all of it in light mode and what depends on colours in dark mode. */
export async function axeFindings(page: Page): Promise<string[]> {
  // The pages have no frames, for which axe would open a page of its own.
  const axe = () => new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  await page.emulateMedia({ colorScheme: "light" });
  const inLight = await axe().analyze();
  await page.emulateMedia({ colorScheme: "dark" });
  const inDark = await axe().withRules(rulesOfColour).analyze();
  return Object.entries({ light: inLight, dark: inDark }).flatMap(([mode, { violations }]) =>
    violations.map(({ id, nodes }) => `${id}, ${mode}: ${nodes.map(({ html }) => html).join(" | ")}`),
  );
}
