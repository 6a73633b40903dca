import { z } from "zod";
import { sendOnce } from "../../data/http/http.js";
import { type CiSettings, withSlash } from "./ciSettings.js";
import { callGithub } from "./github.js";

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
export async function findSite(settings: CiSettings): Promise<Site | null> {
  if (!settings.site) return askForSite(settings);
  const pages = settings.repository === null ? null : await askForSite(settings).catch(() => null);
  return { url: settings.site, domain: pages?.domain ?? null };
}

async function askForSite(settings: CiSettings): Promise<Site | null> {
  const reply = await callGithub(settings, "GET", "pages");
  if (reply.status === 404) return null;
  if (reply.status !== 200) {
    const remedy = "let the token read pages, or set ISOTHERM_SITE";
    throw new Error(`GitHub did not return the address of the site: status ${reply.status}; ${remedy}`);
  }
  const { html_url: url, cname: domain } = reply.json as { html_url: string; cname: string | null };
  return { url: withSlash(url), domain };
}

const time = z.number().nullable();

/** The fields of a site's `status.json` that a run needs. */
const ServedStatus = z.object({
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
