import { findStation } from "../data/findStation.js";
import { withPublished } from "../data/published.js";
import { stationForecast } from "../data/stationForecast.js";
import { stationEmbed } from "../render/renderSite.js";
import { loadTheme } from "../render/theme.js";

const theme = await loadTheme();
const drawing = await withPublished(async (published) =>
  stationEmbed(await stationForecast(published, await findStation(published)), published.manifest, theme),
);
process.stdout.write(drawing);
