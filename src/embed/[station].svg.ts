import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { defaultHome, publishedPath, readPublishedManifest } from "../shared/published/readPublished.js";
import { stationEmbed } from "../site/render/renderSite.js";
import { loadTheme } from "../site/render/theme.js";

const { values } = parseArgs({ options: { station: { type: "string" } }, strict: false });
const forecast = JSON.parse(await readFile(publishedPath(defaultHome(), `api/${values.station}.json`), "utf8"));
process.stdout.write(stationEmbed(forecast, readPublishedManifest(), await loadTheme()));
