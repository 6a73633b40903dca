import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { publishedFile } from "../shared/published/readPublished.js";

const { values } = parseArgs({ options: { table: { type: "string" } } });
process.stdout.write(await readFile(publishedFile(values.table!)));
