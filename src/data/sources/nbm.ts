import { measures } from "../../shared/measures.js";
import { hourMs } from "../../shared/time.js";
import { FileError } from "../http/fileError.js";

/** A bulletin of the National Blend of Models: NBH has the next 25 hours, NBS every third hour up to 72. */
export type Bulletin = "nbh" | "nbs";

/** Guidance for one hour, °C to the hundredth; null where it is missing. */
export interface GuidanceHour {
  /** Epoch milliseconds. */
  validTime: number;
  temperatureC: number | null;
  dewPointC: number | null;
  /** Standard deviation of the temperature. */
  temperatureSpreadC: number | null;
}

export interface NbmRun {
  bulletin: Bulletin;
  /** Epoch milliseconds. */
  runTime: number;
}

export interface NbmHeader extends NbmRun {
  /** ICAO code, FAA code or number of a buoy. */
  code: string;
  version: string;
}

/** The block of one station. */
export interface NbmBlock extends NbmHeader {
  hours: GuidanceHour[];
  /** What was rejected, and why. */
  problems: string[];
}

/** The first line of a block; versions differ in spacing. */
const headerPattern = /^ ?(\S+) +NBM +V(\d+\.\d+) +(NB[HS]) +GUIDANCE +(\d{1,2})\/(\d{1,2})\/(\d{4}) +(\d\d)00 +UTC *$/;
/** A row has its label in columns 1 to 3 and, from column 5 on, right-aligned values without a separator. */
const firstField = 5;
const fieldWidth = 3;
/** The rows that are used: the hour of day, the lead, temperature, dew point, spread of the temperature. */
const usedLabels = new Set(["UTC", "FHR", "TMP", "DPT", "TSD"]);
/** NBS begins 4 to 6 hours after its run. */
const latestFirstLead = 9;
/** -99 is missing; -98 stands for all lower values. */
const lowestF = -97;
const largestSpreadF = 40;
/** Both numbers are rounded to whole °F. */
const largestExcessF = 2;

/** The path of a bulletin in NOAA's tree. */
export function nbmPath({ bulletin, runTime }: NbmRun): string {
  const [day, hour] = new Date(runTime).toISOString().slice(0, 13).replaceAll("-", "").split("T");
  return `blend.${day}/${hour}/text/blend_${bulletin}tx.t${hour}z`;
}

/** Reads the first line of a block; null if a line is not one. */
export function parseNbmHeader(line: string): NbmHeader | null {
  const match = headerPattern.exec(line);
  if (!match) return null;
  const [code, version, name] = match.slice(1) as [string, string, string];
  const [month, day, year, hour] = match.slice(4).map(Number) as [number, number, number, number];
  const runTime = Date.UTC(year, month - 1, day, hour);
  // `Date.UTC` turns 30 February into 1 March.
  const exists = hour < 24 && new Date(runTime).getUTCMonth() === month - 1;
  return exists ? { code, version, bulletin: name.toLowerCase() as Bulletin, runTime } : null;
}

/**
 * Reads the block of a station, from its first line to the blank line that ends it.
 *
 * Throws `FileError` if it belongs to another station, bulletin or run, if it is cut off, or if a row is damaged: values
 * must be right-aligned in their columns, the hours in row UTC must follow from the run, and rows that end early must end
 * together. A value that is not plausible becomes null.
 * @param file the name of the bulletin in errors
 */
export function parseNbmBlock(text: string, expected: NbmRun & { code: string }, file: string): NbmBlock {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  const header = parseNbmHeader(lines[0]!);
  const end = lines.findIndex((line) => line.trim() === "");
  try {
    if (!header) throw new Error("has no header");
    if (header.code !== expected.code) throw new Error(`is that of ${header.code}`);
    const other = otherRun(header, expected);
    if (other) throw new Error(other);
    // A row begins with one blank, too.
    if (end < 0 || (end === lines.length - 1 && lines[end]!.length < 2)) throw new Error("is cut off");
    const rows = readRows(lines.slice(1, end));
    const leads = leadsOf(expected, rows);
    return { ...header, ...hoursOf(expected, leads, rows) };
  } catch (error) {
    throw new FileError(file, `the block of ${expected.code} ${(error as Error).message}`, { cause: error });
  }
}

/** Why a block is not of the expected bulletin and run; null if it is. */
export function otherRun(header: NbmRun, { bulletin, runTime }: NbmRun): string | null {
  if (header.bulletin !== bulletin) return `is of bulletin ${header.bulletin}`;
  if (header.runTime !== runTime) return `is of the run of ${new Date(header.runTime).toISOString()}`;
  return null;
}

type Row = (number | null)[];
type Rows = Map<string, Row>;

/** The rows that are used, by label. */
function readRows(lines: readonly string[]): Rows {
  const rows: Rows = new Map();
  for (const line of lines) {
    const label = line.slice(1, 4);
    if (!usedLabels.has(label)) continue;
    if (rows.has(label)) throw new Error(`has row ${label} twice`);
    const values = line.slice(firstField).trimEnd();
    if (line[0] !== " " || line[4] !== " " || values.length % fieldWidth !== 0) throw new Error(misaligned(label));
    const row: Row = [];
    for (let start = 0; start < values.length; start += fieldWidth) {
      const field = values.slice(start, start + fieldWidth);
      if (!/^( *-?\d+| {3})$/.test(field)) throw new Error(misaligned(label));
      row.push(field.trim() === "" ? null : Number(field));
    }
    rows.set(label, row);
  }
  return rows;
}

function misaligned(label: string): string {
  return `has values of row ${label} out of their columns`;
}

/** The lead of each column, hours. */
function leadsOf({ bulletin, runTime }: NbmRun, rows: Rows): number[] {
  const hours = rows.get("UTC") ?? [];
  const leads = bulletin === "nbh" ? hours.map((_, index) => index + 1) : (rows.get("FHR") ?? []);
  const runHour = new Date(runTime).getUTCHours();
  const step = bulletin === "nbh" ? 1 : 3;
  const isColumn = (lead: number | null, index: number): lead is number =>
    lead !== null && lead === leads[0]! + step * index && hours[index] === (runHour + lead) % 24;
  const isFirst = (lead: number | null | undefined) => lead != null && lead > 0 && lead <= latestFirstLead;
  if (!isFirst(leads[0]) || leads.length !== hours.length || !leads.every(isColumn)) {
    throw new Error("has hours that do not follow from its run");
  }
  return leads as number[];
}

function hoursOf({ runTime }: NbmRun, leads: readonly number[], rows: Rows): Pick<NbmBlock, "hours" | "problems"> {
  const temperatures = rows.get("TMP");
  if (!temperatures) throw new Error("has no temperatures");
  const problems: string[] = [];
  const others = ["DPT", "TSD"].filter((label) => rows.has(label));
  const unlike = others.filter((label) => rows.get(label)!.length !== temperatures.length);
  // A row that has lost a value ends early, and alone.
  const isShort = temperatures.length < leads.length && (unlike.length > 0 || others.length === 0);
  if (isShort || temperatures.length > leads.length) {
    throw new Error(`has ${temperatures.length} temperatures for ${leads.length} hours`);
  }
  for (const label of unlike) {
    problems.push(`row ${label} has ${rows.get(label)!.length} columns, row TMP has ${temperatures.length}`);
    rows.delete(label);
  }
  const temperature = plausible("TMP", temperatures, measures.temperature, problems);
  const dewPoint = plausible("DPT", rows.get("DPT") ?? [], measures.dewPoint, problems);
  const spread = rows.get("TSD") ?? [];
  const hours = leads.map((lead, index): GuidanceHour => {
    const temperatureF = temperature[index] ?? null;
    let dewPointF = dewPoint[index] ?? null;
    let spreadF = temperatureF === null ? null : (spread[index] ?? null);
    if (dewPointF !== null && temperatureF !== null && dewPointF > temperatureF + largestExcessF) {
      problems.push(`column ${index + 1}: dew point ${dewPointF} °F above temperature ${temperatureF} °F`);
      dewPointF = null;
    }
    if (spreadF !== null && (spreadF < 0 || spreadF > largestSpreadF)) spreadF = null;
    return {
      validTime: runTime + lead * hourMs,
      temperatureC: celsius(temperatureF, 32),
      dewPointC: celsius(dewPointF, 32),
      temperatureSpreadC: celsius(spreadF, 0),
    };
  });
  return { hours, problems };
}

/** A row without values that are impossible, or that differ from both of the nearest ones by more than weather can. */
function plausible(
  label: string,
  row: Row,
  { range: [min, max], spike }: { range: readonly [number, number]; spike: number },
  problems: string[],
): Row {
  return row.map((value, index) => {
    if (value === null || value < lowestF) return null;
    // The first and the last column have two neighbours on one side.
    const first = Math.max(0, Math.min(index - 1, row.length - 3));
    const nearest = [first, first + 1, first + 2].filter((other) => other !== index).map((other) => row[other] ?? null);
    const jumps = nearest.map((other) => (other === null || other < lowestF ? 0 : (value - other) / 1.8));
    const isSpike = jumps.every((jump) => jump > spike) || jumps.every((jump) => jump < -spike);
    const valueC = celsius(value, 32)!;
    if (valueC >= min && valueC <= max && !isSpike) return value;
    problems.push(`column ${index + 1}: ${label} is ${value} °F`);
    return null;
  });
}

/** °C to the hundredth, from °F above `zeroF`. */
function celsius(valueF: number | null, zeroF: number): number | null {
  return valueF === null ? null : Math.round(((valueF - zeroF) / 1.8) * 100) / 100 + 0;
}
