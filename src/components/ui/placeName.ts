const abbreviations: Record<string, string> = {
  AP: "Airport",
  INTL: "International",
  INTNL: "International",
  MUNI: "Municipal",
};

/** A station's name as people write it: NOAA's list has capitals and abbreviations only. */
export function placeName(name: string): string {
  if (name !== name.toUpperCase()) return name;
  return name
    .split(" ")
    .map((word) => abbreviations[word] ?? word.replace(/[A-Z]+/g, (part) => part[0] + part.slice(1).toLowerCase()))
    .join(" ");
}
