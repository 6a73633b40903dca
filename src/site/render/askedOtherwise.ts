/**
 * A script for the head of a page drawn for one station: where the link or the reader's memory asks for something else,
 * it keeps what was drawn from being seen, by a class of the root element. `pageState` has the rules it follows.
 */
export function askedOtherwise(station: string): string {
  const drawn = {
    station,
    variable: "temperature",
    unit: "C",
    time: "station",
    issued: "",
    show: "official",
    find: "",
    order: "station",
  };
  return `{
const link = new URLSearchParams(location.search), kept = ["station", "unit", "time"];
const drawn = ${JSON.stringify(drawn).replaceAll("<", "\\u003c")};
if (location.pathname.includes("/station/")) delete drawn.station;
const recall = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const asked = (name) => link.get(name) ?? (kept.includes(name) ? recall(name) : null) ?? drawn[name];
if (Object.entries(drawn).some(([name, value]) => (asked(name) || value) !== value))
  document.documentElement.classList.add("asked-otherwise");
}`;
}
