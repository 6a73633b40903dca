import { z } from "zod";
import { count, measure, source, stationId, time } from "./fields.js";

export const QuarantineRow = z
  .object({
    stationId: stationId.nullable(),
    source: source.describe("source of the row: ghcnh, awc, nws, isd or simulated"),
    file: z.string().describe("file or reply with the row"),
    row: z.number().int().nullable().describe("line in the file, from 1, or position in the reply"),
    reportTime: time.nullable().describe("observation time that the row gives"),
    schema: z.string().describe("schema with the failed check; `file` for a whole file"),
    column: z.string().nullable().describe("column that failed; null for the whole row"),
    check: z.string().describe("failed check"),
    value: z.string().nullable().describe("value that failed"),
    severity: z.enum(["error", "warning"]).describe("error: the value was rejected; warning: the value was used"),
    seenTime: time.describe("when it was first seen"),
  })
  .describe("Rows and values that failed a check, with the reason.");
export type QuarantineRow = z.infer<typeof QuarantineRow>;

export const RequestRow = z
  .object({
    runId: z.string().describe("run that made the request"),
    source: source.describe("source asked: ghcnh, isd, awc or nws"),
    stationId: stationId.nullable().describe("station requested; null for a request for several stations"),
    url: z.string().describe("address of the request"),
    status: z.number().int().nullable().describe("HTTP status; null without an answer"),
    bytes: count("bytes").describe("bytes received"),
    seconds: z.number().meta({ unit: "s" }).describe("wait for the answer"),
    outcome: z.enum(["fetched", "unchanged", "absent", "failed"]).describe("outcome"),
    message: z.string().nullable().describe("why it failed, or what was unusual about the answer"),
    requestedTime: time.describe("when the request was made"),
  })
  .describe("All requests of the last seven days, to servers or folders.");
export type RequestRow = z.infer<typeof RequestRow>;

export const TrafficRow = z
  .object({
    day: time.describe("first hour of the day, UTC"),
    source: source.describe("source asked: ghcnh, isd, awc or nws"),
    stationId: stationId.nullable().describe("station requested; null for requests for several stations"),
    fetched: count("requests").describe("requests answered with new data"),
    unchanged: count("requests").describe("requests answered with nothing new"),
    absent: count("requests").describe("requests for a file that the server does not have"),
    failed: count("requests").describe("requests without an answer or answered with an error"),
    saved: count("requests").describe("requests avoided because the answer was known"),
    bytes: count("bytes").describe("bytes received"),
    seconds: z.number().meta({ unit: "s" }).describe("total wait for answers"),
  })
  .describe("Number of requests in the last 60 days by day, source and station.");

export const RunRow = z
  .object({
    runId: z.string().describe("id of the run"),
    command: z.string().describe("command that ran"),
    startedTime: time.describe("when the run began"),
    finishedTime: time.nullable().describe("when the run ended; null while it runs"),
    asOf: time.describe("time as of which the run works"),
    outcome: z.enum(["running", "succeeded", "failed"]).describe("outcome"),
    message: z.string().nullable().describe("why the run failed"),
    requested: count("requests").describe("requests made"),
    failed: count("requests").describe("requests that failed"),
    saved: count("requests").describe("requests avoided because the answer was known"),
    bytes: count("bytes").describe("bytes fetched"),
  })
  .describe("Runs of the last 60 days. The run that published this table is listed as running.");
export type RunRow = z.infer<typeof RunRow>;

export const LedgerRow = z
  .object({
    stationId,
    entry: z.number().int().min(1).describe("number of the entry at its station, from 1"),
    time: time.describe("time as of which the run works"),
    runId: z.string().describe("run that wrote the entry"),
    seen: count("values").describe("number of values first seen"),
    seenDigest: z.string().describe("SHA-256 of those values"),
    snapshotIds: z.string().describe("ids of new snapshots, oldest first, separated by spaces"),
    issuedFrom: time
      .nullable()
      .describe("first hour of issue in the entry; it replaces what earlier entries record from this hour on"),
    issuedThrough: time.nullable().describe("last hour of issue in the entry"),
    issued: count("forecasts").describe("forecasts issued"),
    issuesDigest: z.string().describe("SHA-256 of those forecasts"),
    taken: count("values").describe("corrected values used for relearning so far"),
    takenDigest: z.string().describe("SHA-256 of those values"),
    hash: z.string().describe("SHA-256 of the previous hash and of all other columns that are not null"),
    guidanceSeen: count("rows")
      .nullable()
      .describe("rows of guidance first seen; null in entries from before these were recorded"),
    guidanceDigest: z.string().nullable().describe("SHA-256 of those rows"),
  })
  .describe(
    "The ledger: what was known and issued when. One entry per station and run, each hashed with the previous one.",
  );

export const LedgerValueRow = z
  .object({
    stationId,
    entry: z.number().int().describe("ledger entry"),
    validTime: time.describe("hour of the value"),
    variable: measure,
    value: z.number().meta({ unit: "of the variable" }).describe("value first seen"),
    source,
    seenTime: time.describe("when it was first seen"),
  })
  .describe("The values that each ledger entry records, except entries that record a long history.");
