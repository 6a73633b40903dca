import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { placeName } from "./src/components/ui/station.js";
import { dateTimeName } from "./src/components/ui/timeZone.js";
import { systemClock } from "./src/shared/clock.js";
import { publishedPath, readPublishedManifest } from "./src/shared/published/readPublished.js";
import type { StationSummary } from "./src/shared/published/stationSummary.js";
import { navigationPages } from "./src/site/navigation.js";
import { templateStation } from "./src/site/render/pageHtml.js";

const manifest = readPublishedManifest(process.env.ISOTHERM_HOME ?? ".isotherm");

// In the preview, the files that loaders make are under /_file/. In a built site they have stable addresses.
const preview = process.argv[2] === "preview";

const root = process.env.ISOTHERM_SITE_ROOT ?? "src";

/** Address of the site's root on its host, which only the page of unknown addresses needs. */
const base = new URL(process.env.ISOTHERM_SITE || "http://localhost/").pathname.replace(/\/?$/, "/");

interface Page {
  path: string;
}

/** Path from a page to the root of the site: relative, because a site may be in a folder of its host. */
function homeOf({ path }: Page): string {
  return "../".repeat(path.split("/").length - 2) || "./";
}

/** Path from a page to the files with stable addresses. */
function filesBase(page: Page): string {
  return preview ? "/_file/" : homeOf(page);
}

/** Framework does not change links marked `external`, or styles. */
function head(page: Page): string {
  const base = filesBase(page);
  return `<link rel="stylesheet external" href="${base}fonts/faces.css">
<script>${whenDecoded}</script>
<meta name="files" content="${base}">
<meta name="home" content="${homeOf(page)}">${manifest.isPast ? `\n<meta name="as-of" content="${new Date(manifest.asOf).toISOString()}">` : ""}
<link rel="alternate external" type="application/feed+json" title="isotherm: alarms" href="${base}feed.json">
<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(icon).toString("base64")}" type="image/svg+xml">
<noscript><style>observablehq-loading:empty,.controls,.search,.csv,.reader,.map-place{display:none}#observablehq-main>*{animation:none!important}</style></noscript>`;
}

/** Shows the page when the typeface, which came with the style sheet, is decoded some milliseconds later. */
const whenDecoded =
  '{const {style}=document.documentElement;style.visibility="hidden";Promise.all([400,700].map((weight)=>document.fonts.load(weight+" 1rem Public Sans"))).finally(()=>{style.visibility=""})}';

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0072b2"/><path d="M1 11c3 0 3-6 6-6s3 4 8 1" fill="none" stroke="#fff" stroke-width="2"/></svg>';

function header({ path }: Page): string {
  const here = path.replace(/index$|station\/.*$/, "");
  // Read for each page, so that the preview lists a page that was added meanwhile.
  const links = navigationPages(root).map(
    ({ name, path }) =>
      `<li><a data-carry href="${path}"${path === here ? ' aria-current="page"' : ""}>${name}</a></li>`,
  );
  const banner = manifest.simulated
    ? `<p class="banner simulated"><strong>Simulated weather:</strong> NOAA could not be reached. None of these numbers were observed.</p>`
    : "";
  const past = manifest.isPast
    ? `<p class="banner past"><strong>As of ${utc(manifest.asOf)}:</strong> this site was built for a past time and has no later data.</p>`
    : "";
  const isDrawnAtBuild = path === "/index" || path.startsWith("/station/");
  const scriptless = isDrawnAtBuild
    ? ""
    : `<noscript><p class="banner">This page needs JavaScript, which is switched off in your browser. The <a href="/">forecasts</a> work without it.</p></noscript>`;
  return `<a class="skip" href="#observablehq-main">Skip to the content</a>${banner}${past}${scriptless}
<div class="masthead"><a class="wordmark" data-carry href="/">isotherm</a>
<nav aria-label="Pages"><ul>${links.join("")}</ul></nav>
<div id="observablehq-sidebar" class="search" role="search"><label id="observablehq-search" data-shortcut=""><span>Search</span><input type="search" placeholder="Search" autocomplete="off" spellcheck="false"></label>
<div id="observablehq-search-results" aria-live="polite"></div></div></div>
<script type="module" async src="/components/ui/search.js"></script>`;
}

function utc(time: number): string {
  return `<time datetime="${new Date(time).toISOString()}">${dateTimeName(time, "UTC")}</time>`;
}

/** A link to the source of a page: on GitHub if it builds the site, else the site's own copy. */
function source({ path }: Page): string {
  const {
    GITHUB_SERVER_URL: server = "https://github.com",
    GITHUB_REPOSITORY: repository,
    GITHUB_SHA: sha,
  } = process.env;
  // Station pages are made from the forecast page.
  const file = path.startsWith("/station/") ? "index.md" : `${path.replace(/\/$/, "/index").slice(1)}.md`;
  if (!repository || !sha) return `<a href="/${encodeURI(file)}" download="${file}">source of this page</a>`;
  return `<a href="${server}/${repository}/blob/${sha}/src/${encodeURI(file)}">source of this page</a>`;
}

/** What the search finds beside the pages: each station's page, by code and name. */
async function* stationResults() {
  const file = publishedPath(process.env.ISOTHERM_HOME ?? ".isotherm", join("api", "stations.json"));
  const stations = JSON.parse(await readFile(file, "utf8")) as StationSummary[];
  for (const { key, name } of stations) {
    const title = `${key} ${placeName(name)}`;
    yield { path: `/station/${encodeURIComponent(key)}`, title, text: title, keywords: key };
  }
}

function footer(page: Page): string {
  const through = manifest.dataThrough === null ? "no data yet" : `data up to ${utc(manifest.dataThrough)}`;
  return `<p>Observations: NOAA National Centers for Environmental Information, Global Historical Climatology Network hourly
(GHCNh); fresh hours: Aviation Weather Center and National Weather Service, which also makes the official forecasts. All
are in the public domain. Forecasts are computed by isotherm. They are not an official NOAA product, and NOAA does not
endorse them.</p>
<p>isotherm ${manifest.version} · ${through} · built ${utc(systemClock().now())} · ${source(page)}</p>`;
}

export default {
  root,
  base,
  output: process.env.ISOTHERM_SITE_OUTPUT ?? "dist",
  title: "isotherm",
  pages: navigationPages(root),
  search: { index: stationResults },
  async *dynamicPaths() {
    yield "/fonts/faces.css";
    yield `/station/${templateStation}`;
  },
  head,
  header,
  footer,
  sidebar: false,
  pager: false,
  toc: false,
  style: "style/style.css",
  globalStylesheets: [],
  // A file such as nights.json.sql is a loader too: it holds a query of the published tables.
  interpreters: {
    ".ts": ["node", "--import", "tsx"],
    ".sql": ["node", "--import", "tsx", "src/site/runSql.ts"],
  },
};
