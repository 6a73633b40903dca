import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

// The page of a station is a copy of the forecast page with its own title; the build adds the static content. It is
// JavaScript because a compiler would slow down hundreds of pages.
const { values } = parseArgs({ options: { station: { type: "string" } } });
const page = await readFile(new URL("../index.md", import.meta.url), "utf8");
process.stdout.write(page.replace("title: Forecast", `title: ${values.station}`));
