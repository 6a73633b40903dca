export type TemperatureUnit = "C" | "F";

/** Converts a temperature. */
export function inUnit(celsius: number, unit: TemperatureUnit): number {
  return unit === "F" ? celsius * 1.8 + 32 : celsius;
}

/** Converts a temperature in a unit to °C. */
export function toCelsius(value: number, unit: TemperatureUnit): number {
  return unit === "F" ? (value - 32) / 1.8 : value;
}

/** Converts a difference of temperatures, which is scaled but not shifted. */
export function differenceInUnit(celsius: number, unit: TemperatureUnit): number {
  return unit === "F" ? celsius * 1.8 : celsius;
}

/** A temperature without its unit, such as "−3.2"; a dash for null. */
export function formatTemperature(celsius: number | null, unit: TemperatureUnit, digits = 1): string {
  return celsius === null ? "–" : formatNumber(inUnit(celsius, unit), digits);
}

/** A difference or an error without its unit; a dash for null. */
export function formatDifference(celsius: number | null, unit: TemperatureUnit, digits = 1): string {
  return celsius === null ? "–" : formatNumber(differenceInUnit(celsius, unit), digits);
}

/** A number with a typographic minus sign, which zero never has. */
export function formatNumber(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** A count with commas between thousands, such as "8,782". */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}

/** A count with its noun, such as "1 row" or "8,782 rows". */
export function counted(n: number, one: string): string {
  return `${formatCount(n)} ${one}${n === 1 ? "" : "s"}`;
}

/** A number with its sign, such as "+1.2" or "−0.4"; zero has none. */
export function formatSigned(value: number, digits: number): string {
  const text = formatNumber(value, digits);
  return Number(value.toFixed(digits)) > 0 ? `+${text}` : text;
}

/** A share, such as "47 %", with a space at which no line breaks. */
export function formatPercent(share: number, digits = 0): string {
  return `${formatNumber(share * 100, digits)}\u00a0%`;
}

const lists = new Intl.ListFormat("en-GB");

/** "a, b and c" */
export function listed(parts: readonly string[]): string {
  return lists.format(parts);
}

/** A size, such as "12.3 MB" or "340 kB". */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${formatNumber(bytes / 1e9, 1)} GB`;
  if (bytes >= 1e6) return `${formatNumber(bytes / 1e6, 1)} MB`;
  return bytes >= 1000 ? `${formatNumber(bytes / 1000, 0)} kB` : `${bytes} B`;
}
