import type { StationSummary } from "../../shared/published/stationSummary.js";
import { html } from "./html.js";
import { selectInput, type ValueElement } from "./inputs.js";

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

/** Where a station's own page is, from whatever page this is; a page of a station stands among its like. */
export function stationAddress(key: string): string {
  const home = document.querySelector<HTMLMetaElement>("meta[name=home]")?.content ?? "./";
  return `${home}station/${encodeURIComponent(key)}`;
}

/** A station's code and name as a link that shows it in place where the page can. */
export function stationLink(station: { key: string; name: string }, onSelect?: (key: string) => void): HTMLElement {
  return html`<a href=${stationAddress(station.key)} data-station=${station.key}
    onclick=${onPlainClick(() => onSelect?.(station.key), onSelect !== undefined)}><span class="code">${station.key}</span> ${placeName(station.name)}</a>`;
}

/** Handles a plain click; one with a modifier is the browser's, which opens tabs and windows. */
export function onPlainClick(handle: () => void, enabled = true): (event: MouseEvent) => void {
  return (event) => {
    if (!enabled || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    handle();
  };
}

/** Marks every link to the station that is shown. */
export function markStation(parts: readonly Element[], key: string): void {
  for (const part of parts) {
    for (const link of part.querySelectorAll("[data-station]")) {
      if (link.getAttribute("data-station") === key) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}

/** Chooses a station by its key. */
export function stationInput(stations: readonly StationSummary[]): ValueElement<string> {
  return selectInput(
    "Station",
    stations.map(({ key, name }) => [key, `${key} ${placeName(name)}`]),
  );
}
