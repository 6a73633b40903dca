import { z } from "zod";
import { count, time } from "./fields.js";

/** `/status.json`: tells an open page, or a monitor, how new the published data are. */
export const Status = z.object({
  schemaVersion: z.literal(1).describe("changes when a reader of this version would misread the file"),
  version: z.string().describe("version of isotherm"),
  buildId: z
    .string()
    .nullable()
    .describe("of the build of the site, to tell whether it is the one served; null in a preview"),
  asOf: time.describe("the run's clock"),
  isPast: z.boolean().describe("true when that clock was given, by --as-of, and not read: the site is of a past time"),
  dataThrough: time.nullable().describe("newest observation of any station"),
  simulated: z.boolean().describe("true when NOAA could not be reached and the weather is simulated"),
  stations: z
    .array(
      z.object({
        key: z.string().describe("names the station in links and files"),
        newestObservedTime: time.nullable().describe("newest hour with a temperature"),
        dueTime: time.nullable().describe("when its next report is due, by the hours at which it usually reports"),
        newestIssuedTime: time.nullable().describe("issue of the newest forecast"),
      }),
    )
    .describe("by key"),
  ledger: z
    .object({
      stations: count("stations").describe("stations that have one"),
      entries: count("entries").describe("entries of all of them"),
      time: time.describe("clock of the newest entry"),
      sha256: z.string().describe("of the newest hash of each station"),
    })
    .nullable()
    .describe("what stands for all that was known and issued up to now; null where nothing was"),
});

export type Status = z.infer<typeof Status>;
