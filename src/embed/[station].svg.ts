import { withPublished } from "../pipeline/api/openPublished.js";
import { stationForecast } from "../pipeline/api/stationForecast.js";
import { findStation } from "../site/loader.js";
import { stationEmbed } from "../site/render/renderSite.js";
import { loadTheme } from "../site/render/theme.js";

const theme = await loadTheme();
const drawing = await withPublished(async (published) =>
  stationEmbed(await stationForecast(published, await findStation(published)), published.manifest, theme),
);
process.stdout.write(drawing);
