import { readFile } from "node:fs/promises";
import { defaultHome, publishedPath } from "./shared/published/readPublished.js";

process.stdout.write(await readFile(publishedPath(defaultHome(), "status.json")));
