import { accessSync, constants, statSync } from "node:fs";
import { type Config, isUrl, type SourceName } from "../../shared/config.js";
import { hasScheme } from "../../shared/identifiers.js";
import { shownPlace } from "./address.js";

/** How to fix an address that can't be read. */
export const addressRemedy = "give a URL that begins with https:// or http://, or the path of a folder";

/** The bases of each source that can be read, and for each other base the reason and where it was set. */
export function readableSources({ sources, settings }: Pick<Config, "sources" | "settings">): {
  sources: Config["sources"];
  problems: Record<SourceName, string[]>;
} {
  const readable = { ghcnh: [], isd: [], awc: [], nws: [], nbm: [] } as Config["sources"];
  const problems: Record<SourceName, string[]> = { ghcnh: [], isd: [], awc: [], nws: [], nbm: [] };
  for (const source of Object.keys(readable) as SourceName[]) {
    for (const base of sources[source]) {
      const problem = problemOf(base);
      if (problem === null) readable[source].push(base);
      else problems[source].push(`${settings[source]}: ${problem}`);
    }
  }
  return { sources: readable, problems };
}

function problemOf(base: string): string | null {
  if (isUrl(base) ? !URL.canParse(base) : hasScheme(base)) {
    return `${shownPlace(base)} is not an address that can be read`;
  }
  if (isUrl(base)) return null;
  try {
    if (!statSync(base).isDirectory()) return `${base} is not a folder`;
    accessSync(base, constants.R_OK | constants.X_OK);
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return `no such folder: ${base}`;
    return `the folder ${base} can't be read (${code ?? message})`;
  }
}
