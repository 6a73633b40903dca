import { z } from "zod";
import { stationId } from "./fields.js";

/** `/api/network.json`: the network that stations learn from, and the files with its hours. */
export const Network = z.object({
  schemaVersion: z.literal(1).describe("changes when readers of this version would misread the file"),
  stations: z
    .array(
      z.object({
        stationId,
        latitude: z.number().meta({ unit: "°" }).describe("latitude that the models use"),
        longitude: z.number().meta({ unit: "°" }).describe("longitude that the models use"),
      }),
    )
    .describe("stations whose observations the models see, by id; their places never change"),
  years: z
    .array(
      z.object({
        year: z.number().int().describe("calendar year, UTC, of a file `api/network/<year>.parquet`"),
        digest: z.string().describe("changes with the values in the file"),
      }),
    )
    .describe("years with hours, oldest first"),
});
export type Network = z.infer<typeof Network>;
