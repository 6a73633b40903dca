import { InvalidArgumentError, Option } from "commander";
import { maxLeadHours } from "../model/vocabulary.js";
import { parseTime } from "../shared/clock.js";
import type { Config } from "../shared/config.js";
import { hasScheme } from "../shared/identifiers.js";
import { parseShard, type Shard } from "../shared/shard.js";

/** Options of commands that work on the history of stations. */
export interface HistoryOptions {
  station?: string[];
  shard?: Shard;
  from?: number;
  network?: string[];
  asOf?: string;
}

export function stationOption(): Option {
  return new Option("--station <id...>", "GHCNh ids or ICAO codes; default: the configured stations");
}

export function shardOption(): Option {
  return new Option("--shard <i/n>", "only the i-th of n shards of the stations").argParser(parseShardOption);
}

export function networkOption(
  description = "stations around, whose weather is used too: all (stored ones), none or ids; default: none",
): Option {
  return new Option("--network <id...>", description);
}

export function asOfOption(): Option {
  return new Option("--as-of <time>", "run as of this time; later observations are ignored");
}

export function siteFolderOption(): Option {
  return new Option("--site <folder>", "folder of the site").argParser(parsePath).default("dist");
}

export function portOption(): Option {
  return new Option("--port <number>", "port on 127.0.0.1").argParser(parsePort).default(3000);
}

export function jsonOption(): Option {
  return new Option("--json", "print JSON to stdout");
}

/** Loads the configuration; its module loads slowly, so it is imported only here. */
export async function loadConfig(): Promise<Config> {
  return (await import("../pipeline/loadConfig.js")).loadConfig();
}

/** Prints a result; stdout carries nothing else. */
export function print(result: string | object): void {
  process.stdout.write(typeof result === "string" ? result : `${JSON.stringify(result)}\n`);
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("expected a whole number, at least 1");
  return count;
}

export function parseTimeOption(text: string): number {
  return parsed(() => parseTime(text));
}

function parseShardOption(text: string): Shard {
  return parsed(() => parseShard(text));
}

/** Rejects addresses, which would be used as folder names. */
export function parsePath(text: string): string {
  if (hasScheme(text)) throw new InvalidArgumentError("expected a path of this machine");
  return text;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!(Number.isInteger(port) && 0 <= port && port <= 65535)) throw new InvalidArgumentError("expected 0 to 65535");
  return port;
}

export function parseLead(text: string, before: number[] = []): number[] {
  const lead = Number(text);
  if (!(Number.isInteger(lead) && 1 <= lead && lead <= maxLeadHours)) {
    throw new InvalidArgumentError(`expected 1 to ${maxLeadHours}`);
  }
  return [...before, lead];
}

export function parsePlace(text: string): [number, number] {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  if (!match) throw new Error(`not a place: ${JSON.stringify(text)}; expected LAT,LON such as 33.64,-84.43`);
  return [Number(match[1]), Number(match[2])];
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
