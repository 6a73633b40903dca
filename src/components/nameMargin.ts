/** Room for the codes of stations to the left of a chart, pixels: of airports, or the longer ones of the archive. */
export function nameMargin(codes: readonly string[]): number {
  return Math.max(...codes.map((code) => code.length)) > 6 ? 104 : 48;
}
