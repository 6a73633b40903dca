import { readFile } from "node:fs/promises";

/** The colours of the site, by their names in style.css. */
export interface Theme {
  light: Record<string, string>;
  dark: Record<string, string>;
}

/** Reads the colours from style.css, for drawings that are used without the site's style sheet. */
export async function loadTheme(): Promise<Theme> {
  const css = await readFile(new URL("../../style/style.css", import.meta.url), "utf8");
  const [light, dark] = ["\n:root {", "(prefers-color-scheme: dark) {\n  :root {"].map((start) => {
    const at = css.indexOf(start);
    const end = css.indexOf("}", at);
    const entries = [...css.slice(at, end).matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]);
    if (at < 0 || entries.length === 0) throw new Error(`style.css has no colours after ${start.trim()}`);
    return Object.fromEntries(entries) as Record<string, string>;
  });
  return { light: light!, dark: dark! };
}

/** The colours as a style sheet for an SVG, light and dark. */
export function themeStyle({ light, dark }: Theme): string {
  const rule = (colours: Record<string, string>) =>
    `:root{${Object.entries(colours)
      .map(([name, value]) => `--${name}:${value}`)
      .join(";")}}`;
  return `${rule(light)}@media(prefers-color-scheme:dark){${rule(dark)}}`;
}

/** Replaces each `var(--name)` in an SVG by its light colour, for programs without style sheets or modern CSS colours. */
export function withLightColours(svg: string, { light }: Theme): string {
  return svg.replace(/var\(--([\w-]+)\)/g, (name, key: string) =>
    (light[key] ?? name).replace(/^rgb\((\d+) (\d+) (\d+) \/ ([\d.]+)\)$/, "rgba($1,$2,$3,$4)"),
  );
}
