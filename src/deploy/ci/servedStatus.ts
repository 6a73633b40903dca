import { z } from "zod";
import type { Http } from "../../data/http/http.js";

const time = z.number().nullable();

/** `/status.json` of a served site, as far as a run needs it. */
const ServedStatus = z.object({
  buildId: z.string().nullable(),
  asOf: z.number(),
  dataThrough: time,
  stations: z.array(
    z.object({
      ...{ key: z.string(), newestObservedTime: time, newestIssuedTime: time },
      // A site that an earlier version built does not say it.
      dueTime: time.optional(),
    }),
  ),
});
export type ServedStatus = z.infer<typeof ServedStatus>;

/** What a site says of itself; null when it is not served, or something else is. */
export async function servedStatus(http: Http, url: string, query = ""): Promise<ServedStatus | null> {
  try {
    const { status, text } = await http.send(`${url}status.json${query}`, {
      method: "GET",
      headers: { "cache-control": "no-cache" },
    });
    return status === 200 ? (ServedStatus.safeParse(JSON.parse(text)).data ?? null) : null;
  } catch {
    return null;
  }
}
