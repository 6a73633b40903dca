import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

// A station's page is the forecast page at an address of its own, with the station's title and words put in when the
// site is finished. JavaScript, because hundreds of pages would wait for a compiler.
const { values } = parseArgs({ options: { station: { type: "string" } } });
const page = await readFile(new URL("../index.md", import.meta.url), "utf8");
process.stdout.write(page.replace("title: Forecast", `title: ${values.station}`));
