import type { StaticParts } from "./staticForecast.js";

const cell = /<observablehq-loading><\/observablehq-loading>(?=<!--:\w+:-->)/g;

/**
 * Puts static parts into the placeholders of Framework's cells; the page's code replaces them when it runs.
 * @throws when the page lacks a part or has another number of cells
 */
export function fillPage(page: string, parts: StaticParts): string {
  return Object.entries(parts).reduce((filled, [name, contents]) => {
    const place = new RegExp(
      `(?<= data-part="${name}">)(?:<observablehq-loading></observablehq-loading><!--:\\w+:-->)+`,
    );
    const found = place.exec(filled);
    const cells = found?.[0].match(cell)?.length ?? 0;
    if (!found || cells !== contents.length)
      throw new Error(`the page has ${cells} cells for part ${name}, which has ${contents.length}`);
    let next = 0;
    const filling = found[0].replace(
      cell,
      () => `<observablehq-loading>${markup(contents[next++]!)}</observablehq-loading>`,
    );
    return filled.slice(0, found.index) + filling + filled.slice(found.index + found[0].length);
  }, page);
}

function markup(part: Element | string): string {
  return typeof part === "string" ? escaped(part) : part.outerHTML;
}

/** Escapes text for HTML, including attributes. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

interface LinkPreview {
  title: string;
  description: string;
  /** Path of the image from the root of the site. */
  image: string;
  imageSize: { width: number; height: number };
}

/**
 * Adds the metadata for link previews to a page's head.
 * @param siteUrl address of the site, with a final slash, because previews need an absolute image address; when it is
 * null, the address is relative to the page
 */
export function addLinkPreview(
  page: string,
  { title, description, image, imageSize }: LinkPreview,
  { siteUrl, home }: { siteUrl: string | null; home: string },
): string {
  const meta = Object.entries({
    "og:type": "website",
    "og:site_name": "isotherm",
    "og:title": title,
    "og:description": description,
    "og:image": `${siteUrl ?? home}${image}`,
    "og:image:width": String(imageSize.width),
    "og:image:height": String(imageSize.height),
    "og:image:alt": description,
  }).map(([property, content]) => `<meta property="${property}" content="${escaped(content)}">`);
  const tags = [
    `<meta name="description" content="${escaped(description)}">`,
    ...meta,
    '<meta name="twitter:card" content="summary_large_image">',
  ];
  return page
    .replace(/<title>[\s\S]*?<\/title>/, () => `<title>${escaped(title)}</title>`)
    .replace("</head>", () => `${tags.join("\n")}\n</head>`);
}

/**
 * A script for the head of a page drawn for one station. When the link or the reader's saved choices ask for something
 * else, it hides the drawn parts with a class on the root element, by the rules of `pageState`.
 */
export function otherChoiceScript(station: string): string {
  const drawn = {
    station,
    variable: "temperature",
    unit: "C",
    time: "station",
    issued: "",
    show: "guidance",
    threshold: "",
    find: "",
    order: "station",
  };
  return `{
const link = new URLSearchParams(location.search), kept = ["station", "unit", "time"];
const drawn = ${JSON.stringify(drawn).replaceAll("<", "\\u003c")};
if (location.pathname.includes("/station/")) delete drawn.station;
const recall = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const asked = (name) => link.get(name) ?? (kept.includes(name) ? recall(name) : null) ?? drawn[name];
if (Object.entries(drawn).some(([name, value]) => (asked(name) || value) !== value))
  document.documentElement.classList.add("other-choices");
}`;
}

/** Fixes Framework's HTML for screen readers and zoom, and removes the `external` markers that the config sets. */
export function fixFrameworkHtml(html: string): string {
  return html
    .replace("<html>", '<html lang="en">')
    .replace("width=device-width, initial-scale=1, maximum-scale=1", "width=device-width, initial-scale=1")
    .replace('<main id="observablehq-main"', '<main id="observablehq-main" tabindex="-1"')
    .replaceAll(/rel="(stylesheet|alternate) external"/g, 'rel="$1"');
}

/**
 * Key of the template page that Framework builds once for all stations. Station pages are filled copies of it, because
 * Framework needs a second per page.
 */
export const templateStation = "template";
