import { descending } from "d3";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { html } from "../ui/html.js";
import { placeName, stationLink } from "../ui/station.js";

type Named = Pick<StationSummary, "key" | "name">;

/** What a path such as "/station/klga" names, in capitals; null for other paths. */
function askedIn(path: string): string | null {
  const [, asked] = /\/station\/([^/]+?)(?:\.html)?\/?$/.exec(path) ?? [];
  if (asked === undefined) return null;
  try {
    return decodeURIComponent(asked).toUpperCase();
  } catch {
    return asked.toUpperCase(); // not a valid escape
  }
}

/** The key of the station that a path names in whatever case; null if no station has it. */
export function stationOfPath(path: string, stations: readonly Named[]): string | null {
  const asked = askedIn(path);
  return stations.find(({ key }) => key.toUpperCase() === asked)?.key ?? null;
}

/** At most this many stations are suggested. */
const mostSuggestions = 6;

/** How alike a station is to what was asked: 0 if not at all. */
function likeness(asked: string, { key, name }: Named): number {
  if (key.includes(asked) || placeName(name).toUpperCase().includes(asked)) return asked.length + 1;
  const same = [...asked].filter((letter, i) => letter === key[i]).length;
  return same >= Math.max(2, asked.length / 2) ? same : 0;
}

/** Links to the stations that are most like the one that a path names; nothing for other paths. */
export function stationSuggestions(path: string, stations: readonly Named[]): HTMLElement {
  const asked = askedIn(path);
  if (asked === null) return html`<span></span>`;
  const alike = stations
    .map((station) => ({ station, score: likeness(asked, station) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => descending(a.score, b.score))
    .slice(0, mostSuggestions);
  return html`<div>
    <p>This site has no station ${asked}.${alike.length > 0 ? " Did you mean one of these?" : ""}</p>
    <ul>${alike.map(({ station }) => html`<li>${stationLink(station)}</li>`)}</ul>
  </div>`;
}
