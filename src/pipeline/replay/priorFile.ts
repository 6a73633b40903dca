import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { type ExpertPriors, expertsWithPrior } from "../../model/experts/createExperts.js";
import { encodePrior } from "../../model/experts/prior.js";
import { decodePriors, requireWholePriors, splitPrior } from "../../model/experts/priorBytes.js";

/** What a prior was made from; a station may start with it only after the last of these hours. */
export const PriorHeader = z.strictObject({
  formatVersion: z.literal(1),
  stations: z.array(z.string()).min(1).describe("stations whose regressions it pools"),
  firstTime: z.number().int().describe("first hour learned, epoch ms"),
  lastTime: z.number().int().describe("last hour learned, epoch ms"),
  experts: z.array(z.strictObject({ name: z.enum(expertsWithPrior), dimension: z.number().int().positive() })).min(1),
});
export type PriorHeader = z.infer<typeof PriorHeader>;

export interface Prior {
  header: PriorHeader;
  experts: ExpertPriors;
}

/** A prior and the SHA-256 of its file. */
export interface PriorFile extends Prior {
  digest: string;
}

/** Writes a prior: the length of the header, the header as JSON, then half-precision numbers for each expert. */
export function writePrior(file: string, { header, experts }: Prior): void {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const parts = header.experts.map(({ name }) => {
    const halves = encodePrior(experts[name]!);
    return Buffer.from(halves.buffer, halves.byteOffset, halves.byteLength);
  });
  writeFileSync(`${file}.tmp`, Buffer.concat([length, text, ...parts]));
  renameSync(`${file}.tmp`, file);
}

/**
 * Reads the file of `writePrior`. Its numbers are decoded when they are first used, because most runs start no station.
 * Throws when it is damaged or is something else.
 */
export function readPrior(file: string): PriorFile {
  const bytes = readFileSync(file);
  try {
    const { header: text, numbers } = splitPrior(Uint8Array.from(bytes));
    const header = PriorHeader.parse(text);
    requireWholePriors(numbers, header.experts);
    let experts: ExpertPriors | undefined;
    return {
      header,
      digest: createHash("sha256").update(bytes).digest("hex"),
      get experts() {
        experts ??= decodePriors(numbers, header.experts);
        return experts;
      },
    };
  } catch (error) {
    throw new Error(`${file} is not a prior: ${(error as Error).message}`, { cause: error });
  }
}

/** Why a station must not start with a prior that knows the station or its hours; null when it may. */
export function dishonesty(
  { header }: Pick<Prior, "header">,
  { stationId, startTime }: { stationId: string; startTime: number },
): string | null {
  const time = (ms: number) => new Date(ms).toISOString();
  if (header.stations.includes(stationId)) return `the prior was made from ${stationId} itself`;
  if (header.lastTime < startTime) return null;
  return `the prior knows hours up to ${time(header.lastTime)}, but ${stationId} starts at ${time(startTime)}`;
}
