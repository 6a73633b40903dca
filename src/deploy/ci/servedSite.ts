import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { sendOnce } from "../../data/http/http.js";
import { type CiSettings, withSlash } from "./ciSettings.js";

/** Where the site is served. */
export interface Site {
  /** Address, with a slash. */
  url: string;
  /** The custom domain, which a file of the branch must name; null when there is none. */
  domain: string | null;
}

/**
 * Returns the address of the site from the settings or else from GitHub, with its custom domain.
 * @returns null when Pages is switched off
 */
export async function findSite({ site, repository }: CiSettings): Promise<Site | null> {
  if (site === null) return askForSite(repository);
  const pages = await askForSite(repository).catch(() => null);
  return { url: site, domain: pages?.domain ?? null };
}

const Pages = z.object({ html_url: z.string(), cname: z.string().nullable() });

async function askForSite(repository: string): Promise<Site | null> {
  try {
    const { stdout } = await promisify(execFile)("gh", ["api", `repos/${repository}/pages`]);
    const { html_url: url, cname: domain } = Pages.parse(JSON.parse(stdout));
    return { url: withSlash(url), domain };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message.includes("HTTP 404")) return null;
    const remedy = "let the token read pages, or set ISOTHERM_SITE";
    throw new Error(`GitHub did not return the address of the site; ${remedy}\n${message}`, { cause: error });
  }
}

const time = z.number().nullable();

/** The fields of a site's `status.json` that a run needs. */
export const ServedStatus = z.object({
  buildId: z.string().nullable(),
  asOf: z.number(),
  dataThrough: time,
  stations: z.array(
    z.object({
      key: z.string(),
      newestObservedTime: time,
      newestIssuedTime: time,
      // Absent from sites built by earlier versions.
      dueTime: time.optional(),
    }),
  ),
});
export type ServedStatus = z.infer<typeof ServedStatus>;

/** Reads the status of a site; null when the site is not served, or something else is. */
export async function servedStatus(url: string, query = ""): Promise<ServedStatus | null> {
  try {
    const { status, text } = await sendOnce(`${url}status.json${query}`, {
      method: "GET",
      headers: { "cache-control": "no-cache" },
    });
    return status === 200 ? (ServedStatus.safeParse(JSON.parse(text)).data ?? null) : null;
  } catch {
    return null;
  }
}
