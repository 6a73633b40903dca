import { expect, test } from "vitest";

/** Tests what every chart promises; call it inside `describe`. */
export function testCharts(charts: () => HTMLElement[]): void {
  test("is one image with its numbers in the label", () => {
    for (const figure of charts()) {
      const images = figure.querySelectorAll("svg[role=img]");
      expect(images).toHaveLength(1);
      expect(images[0]!.getAttribute("aria-label")).toMatch(/\d/);
      expect(images[0]!.querySelectorAll("[aria-label]")).toHaveLength(0);
    }
  });

  test("uses only the colours of the theme", () => {
    for (const figure of charts())
      for (const name of ["fill", "stroke"])
        for (const part of figure.querySelectorAll(`[${name}]`))
          expect(part.getAttribute(name)).toMatch(/^(var\(--[\w-]+\)|none|currentColor)$/);
  });
}
