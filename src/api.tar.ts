import { readdirSync } from "node:fs";
import { join } from "node:path";
import { create } from "tar";
import { defaultHome, publishedPath } from "./shared/published/readPublished.js";

// The files under `api/` as `publish` wrote them, for the preview. A build copies them to the same addresses.
const cwd = publishedPath(defaultHome(), "api");
const names = readdirSync(cwd, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(cwd.length + 1));
create({ cwd, portable: true }, names).pipe(process.stdout);
