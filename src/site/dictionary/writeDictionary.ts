import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isProgram } from "../../shared/isProgram.js";
import { publishedManifest } from "../published/publishedFolder.js";
import { dictionary } from "./dictionary.js";
import { siteFileSizes } from "./siteFiles.js";

/** Writes `api/dictionary.json` into a built site of which all other files are there, so that it can tell their sizes. */
export async function writeDictionary(dir: string, home?: string): Promise<void> {
  const content = dictionary(publishedManifest(home), await siteFileSizes(dir));
  await writeFile(join(dir, "api", "dictionary.json"), JSON.stringify(content));
}

if (isProgram(import.meta.url)) await writeDictionary(process.argv[2]!);
