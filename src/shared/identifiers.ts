/** Whether a text is a GHCNh identifier, which also names folders and files. */
export function isStationId(text: string): boolean {
  return /^[A-Z]{2}[A-Z0-9][A-Z0-9-]{8}$/.test(text);
}

/** Whether a text is an ICAO code, which also names folders, files and addresses. */
export function isIcao(text: string): boolean {
  return /^[A-Z0-9]{4}$/.test(text);
}

const longestName = 100;

/** A name on one line, without the control characters that break a drawing or a terminal. */
export function cleanName(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return [...line].slice(0, longestName).join("").trim();
}

/** Whether a text is an address of any kind, such as `s3://bucket`, rather than a path of this machine. */
export function hasScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\//i.test(text);
}
