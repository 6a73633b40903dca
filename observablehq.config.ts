import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PublishedManifest } from "./src/pipeline/published.js";

const home = process.env.ISOTHERM_HOME ?? ".isotherm";
const manifest = PublishedManifest.parse(JSON.parse(readFileSync(join(home, "published", "manifest.json"), "utf8")));

const pages = [
  { name: "Forecast", path: "/" },
  { name: "Evaluation", path: "/evaluation" },
  { name: "Model", path: "/model" },
];

export default {
  root: process.env.ISOTHERM_SITE_ROOT ?? "src",
  output: process.env.ISOTHERM_SITE_OUTPUT ?? "dist",
  title: "isotherm",
  pages,
  sidebar: false,
  pager: false,
  toc: false,
  style: "style.css",
  globalStylesheets: [],
  interpreters: { ".ts": ["node", "--import", "tsx"] },
};
void manifest;
