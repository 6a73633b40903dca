import type { Bulletin } from "../../src/data/sources/nbm.js";
import { hourMs } from "../../src/shared/time.js";

/** Guidance for an hour as a bulletin prints it, whole °F; null where missing. */
export interface PrintedHour {
  temperatureF: number | null;
  dewPointF: number | null;
  spreadF: number | null;
}

export interface PrintedBlock {
  code: string;
  bulletin: Bulletin;
  /** Epoch milliseconds. */
  runTime: number;
  /** One for each of `leadsOf`. */
  hours: readonly PrintedHour[];
  /** Defaults to 5.0; 3.2 has no spread. */
  version?: string;
  /** Rows that are not used, after the label: drawn after the others. */
  others?: readonly string[];
}

/** The line after each block. */
/** The line after each block. */
export const separator = `${" ".repeat(74)}\n`;

/** The leads of a bulletin: hour by hour, or from four to six hours on every third. */
export function leadsOf(bulletin: Bulletin, runTime: number): number[] {
  if (bulletin === "nbh") return Array.from({ length: 25 }, (_, index) => index + 1);
  const first = 6 - ((runTime / hourMs) % 3);
  return Array.from({ length: 23 }, (_, index) => first + 3 * index);
}

/** A block with the blank line that ends it. */
export function printBlock({ code, bulletin, runTime, hours, version = "5.0", others }: PrintedBlock): string {
  const date = new Date(runTime);
  const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()].map(String) as [string, string];
  const [year, hour] = [date.getUTCFullYear(), String(date.getUTCHours()).padStart(2, "0")];
  const spaces = " ".repeat(bulletin === "nbh" ? 3 : 4);
  const name = `NBM V${version} ${bulletin.toUpperCase()} GUIDANCE`;
  const leads = leadsOf(bulletin, runTime);
  const two = (value: number) => String(value).padStart(2, "0");
  const row = (label: string, values: readonly (number | string | null)[]) =>
    ` ${label} ${values.map((value) => String(value ?? -99).padStart(3)).join("")}`;
  const lines = [
    ` ${code}${spaces}${name}    ${month.padStart(2)}/${day.padStart(2, "0")}/${year}  ${hour}00 UTC`,
    ...(bulletin === "nbs" ? [" DT /OCT   1/OCT   2                /OCT   3                /OCT   4      "] : []),
    `${row(
      "UTC",
      leads.map((lead) => two((date.getUTCHours() + lead) % 24)),
    )} `,
    ...(bulletin === "nbs" ? [`${row("FHR", leads.map(two))} `] : []),
    row(
      "TMP",
      hours.map(({ temperatureF }) => temperatureF),
    ),
    ...(version === "3.2"
      ? []
      : [
          row(
            "TSD",
            hours.map(({ spreadF }) => spreadF),
          ),
        ]),
    row(
      "DPT",
      hours.map(({ dewPointF }) => dewPointF),
    ),
    ...(others ?? [row("SKY", leads.fill(100)), ` P06 ${"   ".repeat(5)} 76${"   ".repeat(5)} 50`]),
  ];
  return `${lines.join("\n")}\n${separator}`;
}
