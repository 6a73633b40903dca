import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

// Fonts come from npm and are served by the site itself: a page asks no third party for anything.
const { values } = parseArgs({ options: { name: { type: "string" } } });
const file = `../../node_modules/@fontsource/ibm-plex-sans/files/${values.name}.woff2`;
process.stdout.write(await readFile(new URL(file, import.meta.url)));
