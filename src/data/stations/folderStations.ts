import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Config, isUrl } from "../../shared/config.js";
import { ghcnh } from "../sources/ghcnh.js";

/** A yearly file of GHCNh, plain or compressed. */
const yearlyFile = /^GHCNh_([A-Z]{2}[A-Z0-9][A-Z0-9-]{8})_\d{4}\.psv/;

/**
 * The ids of all stations with a file of these years in the folders of GHCNh, sorted.
 * @throws when GHCNh is not read from a folder
 */
export function folderStations({ sources }: Pick<Config, "sources">, years: readonly number[]): string[] {
  const folders = sources.ghcnh.filter((base) => !isUrl(base));
  if (folders.length === 0)
    throw new Error("--network all needs a folder as source of GHCNh; name the stations instead");
  const ids = new Set<string>();
  for (const year of years)
    for (const root of ghcnh.roots)
      for (const base of folders) {
        const folder = join(base, root, `access/by-year/${year}/psv`);
        for (const name of existsSync(folder) ? readdirSync(folder) : []) {
          const id = yearlyFile.exec(name)?.[1];
          if (id) ids.add(id);
        }
      }
  return [...ids].sort();
}
