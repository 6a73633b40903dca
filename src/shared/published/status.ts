import { z } from "zod";
import { count, time } from "./fields.js";

/** `/status.json`: shows an open page or a monitor how new the published data are. */
export const Status = z.object({
  schemaVersion: z.literal(1).describe("changes when readers of this version would misread the file"),
  version: z.string().describe("version of isotherm"),
  buildId: z.string().nullable().describe("id of the site build, to check which one is served; null in a preview"),
  asOf: time.describe("time as of which the run works"),
  isPast: z.boolean().describe("true when this time was set with --as-of, so the site shows a past time"),
  dataThrough: time.nullable().describe("newest observation of any station"),
  simulated: z.boolean().describe("true when NOAA could not be reached and the weather is simulated"),
  stations: z
    .array(
      z.object({
        key: z.string().describe("the station in links and file names"),
        newestObservedTime: time.nullable().describe("newest hour with a temperature"),
        dueTime: time.nullable().describe("when its next report is due: the next hour at which it usually reports"),
        newestIssuedTime: time.nullable().describe("when the newest forecast was issued"),
      }),
    )
    .describe("stations by key"),
  ledger: z
    .object({
      stations: count("stations").describe("stations with a ledger"),
      entries: count("entries").describe("entries of all stations"),
      time: time.describe("time of the newest entry"),
      sha256: z.string().describe("SHA-256 of the newest hash of each station"),
    })
    .nullable()
    .describe("head of the ledger, which stands for all that was known and issued so far; null when it is empty"),
});

export type Status = z.infer<typeof Status>;
