import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { JSDOM } from "jsdom";
import { forecastSentence } from "../../components/forecast/forecastSentence.js";
import { plainText } from "../../components/ui/html.js";
import { placeName } from "../../components/ui/station.js";
import { dateTimeName } from "../../components/ui/timeZone.js";
import { systemClock } from "../../shared/clock.js";
import { isProgram } from "../../shared/program.js";
import type { StationForecast } from "../../shared/published/stationForecast.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import type { Status } from "../../shared/published/status.js";
import { parseShard, type Shard, shardOf, wholeShard } from "../../shared/shard.js";
import { addLinkPreview, fillPage, otherChoiceScript, templateStation } from "./pageHtml.js";
import { staticForecast } from "./staticForecast.js";
import { cardHeight, stationCard } from "./stationCard.js";
import { loadTheme, type Theme, themeStyle, withLightColours } from "./theme.js";

const embedWidth = 800;
const previewWidth = 1040; // makes the card about 1.9 : 1, the shape of link previews

/** Descriptions of the other pages in link previews. */
const otherPages = {
  Evaluation:
    "How accurate and how well calibrated the forecasts are, lead by lead, compared with baselines and guidance.",
  Model: "How the model works, what it has learned and why it forecasts what it does, with a replay in your browser.",
  Data: "Whether the data can be trusted: freshness, gaps, sources, failed checks, corrections and runs.",
  Notebook: "Questions to the data as code that can be changed: queries, inputs and charts.",
  Explore: "Every published file and column, with code to start your own charts.",
};

/**
 * Adds to a built site what can be drawn without a browser, from the site's own API files: the forecast pages as they
 * look before their code runs, `embed/<key>.svg` for other websites, and `preview/<key>.png` for link previews.
 * @param siteUrl address of the site, with a final slash; null when unknown
 * @param now time from which the age of data counts, epoch milliseconds; a site of a past time uses its own
 * @param shard the stations to draw; other processes draw the others
 */
export async function renderSite(
  dir: string,
  { siteUrl, now, shard = wholeShard }: { siteUrl: string | null; now: number; shard?: Shard },
): Promise<void> {
  const read = async <T>(name: string) => JSON.parse(await readFile(join(dir, name), "utf8")) as T;
  const stations = await read<StationSummary[]>("api/stations.json");
  const status = await read<Status>("status.json");
  const pastTime = pastTimeOf(status);
  const theme = await loadTheme();
  const paint = await openPainter();
  for (const folder of ["embed", "preview"]) await mkdir(join(dir, folder), { recursive: true });
  const pageOf = (key: string) => join(dir, "station", `${key}.html`);
  const stationPage = await readFile(pageOf(templateStation), "utf8");

  for (const { key } of shardOf(stations, shard)) {
    const data = await read<StationForecast>(`api/${key}.json`);
    await writeFile(join(dir, "embed", `${key}.svg`), stationEmbed(data, status, theme));
    const card = serialised(stationCard(data, { width: previewWidth, warning: warningOf(status) }));
    await writeFile(join(dir, "preview", `${key}.png`), paint(withLightColours(card, theme)));

    const place = `${placeName(data.station.name)} (${key})`;
    const choices = { unit: "C", zone: data.station.timeZone, variable: "temperature" } as const;
    const sentence = forecastSentence(data, { ...choices, isPast: pastTime !== null });
    const preview = {
      description: plainText(sentence),
      image: `preview/${encodeURIComponent(key)}.png`,
      imageSize: { width: previewWidth, height: cardHeight(previewWidth) },
    };
    const filled = (page: string, home: string, title: string, listed: readonly StationSummary[] | null) => {
      openDocument(home, pastTime);
      const drawn = fillPage(page, staticForecast(data, listed, { asOf: pastTime ?? now, home }));
      const linked = addLinkPreview(drawn, { ...preview, title }, { siteUrl, home });
      return linked.replace("</head>", () => `<script>${otherChoiceScript(key)}</script>\n</head>`);
    };
    await writeFile(pageOf(key), filled(stationPage, "../", `${place} | isotherm`, null));
    // The page without a station in its address shows the first one.
    if (key !== stations[0]!.key) continue;
    const index = join(dir, "index.html");
    await writeFile(index, filled(await readFile(index, "utf8"), "./", "Forecast | isotherm", stations));
    for (const [name, description] of Object.entries(otherPages)) {
      const path = join(dir, `${name.toLowerCase()}.html`);
      const linked = { ...preview, title: `${name} | isotherm`, description };
      await writeFile(path, addLinkPreview(await readFile(path, "utf8"), linked, { siteUrl, home: "./" }));
    }
  }
}

type SiteStatus = Pick<Status, "simulated" | "isPast" | "asOf">;

/** `/embed/<key>.svg`: a station's forecast for other websites. */
export function stationEmbed(data: StationForecast, status: SiteStatus, theme: Theme): string {
  openDocument("../", pastTimeOf(status));
  const warning = warningOf(status);
  return serialised(stationCard(data, { width: embedWidth, style: themeStyle(theme), warning }));
}

function warningOf({ simulated, isPast, asOf }: SiteStatus): string | null {
  if (simulated) return "Simulated weather: none of these numbers were observed.";
  return isPast ? `As of ${dateTimeName(asOf, "UTC")}: later data are not included.` : null;
}

function pastTimeOf({ isPast, asOf }: SiteStatus): number | null {
  return isPast ? asOf : null;
}

function serialised(drawing: Element): string {
  return new XMLSerializer().serializeToString(drawing);
}

/**
 * Lets components draw without a browser, in a jsdom document with the metadata of the page they are drawn for.
 * @param home relative path from that page to the root of the site
 * @param pastTime the past time that the site shows, epoch milliseconds; null for a current site
 */
function openDocument(home: string, pastTime: number | null): void {
  const past = pastTime === null ? "" : `<meta name="as-of" content="${new Date(pastTime).toISOString()}">`;
  const { window } = new JSDOM(`<meta name="home" content="${home}"><meta name="files" content="${home}">${past}`);
  Object.assign(globalThis, {
    window,
    document: window.document,
    Node: window.Node,
    NodeFilter: window.NodeFilter,
    NodeList: window.NodeList,
    HTMLCollection: window.HTMLCollection,
    XMLSerializer: window.XMLSerializer,
  });
}

/** Returns a function that renders SVG to PNG with the site's font, not the machine's. Call it once per process. */
async function openPainter(): Promise<(svg: string) => Uint8Array> {
  const fileOf = (name: string) => readFile(new URL(import.meta.resolve(name)));
  await initWasm(await fileOf("@resvg/resvg-wasm/index_bg.wasm"));
  const fontBuffers = await Promise.all(
    [400, 700].map((weight) => fileOf(`@fontsource/public-sans/files/public-sans-latin-${weight}-normal.woff2`)),
  );
  return (svg) => {
    const painter = new Resvg(svg, {
      font: { fontBuffers, defaultFontFamily: "Public Sans", loadSystemFonts: false },
    });
    try {
      return painter.render().asPng();
    } finally {
      painter.free();
    }
  };
}

if (isProgram(import.meta.url)) {
  const [dir, part] = process.argv.slice(2);
  const siteUrl = process.env.ISOTHERM_SITE || null;
  await renderSite(dir!, {
    siteUrl: siteUrl?.replace(/\/?$/, "/") ?? null,
    now: systemClock().now(),
    shard: parseShard(part!),
  });
}
