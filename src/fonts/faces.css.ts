import { readFile } from "node:fs/promises";

// The typeface comes from npm, inside a style sheet that a page waits for: no text changes its look or its place while a
// page loads, on a first visit as on later ones, and the site asks no third party for it.
const faces = [400, 700].map(async (weight) => {
  const name = `@fontsource/public-sans/files/public-sans-latin-${weight}-normal.woff2`;
  const bytes = await readFile(new URL(`../../node_modules/${name}`, import.meta.url), "base64");
  return `@font-face{font-family:"Public Sans";font-weight:${weight};src:url(data:font/woff2;base64,${bytes})format("woff2")}\n`;
});
process.stdout.write((await Promise.all(faces)).join(""));
