import type { StationSummary } from "../../shared/published/stationSummary.js";
import { html } from "./html.js";
import { selectInput, type ValueElement } from "./inputs.js";

const abbreviations: Record<string, string> = {
  AP: "Airport",
  INTL: "International",
  INTNL: "International",
  MUNI: "Municipal",
};

/** A station's name as people write it. NOAA's list is in capitals, with abbreviations. */
export function placeName(name: string): string {
  if (name !== name.toUpperCase()) return name;
  return name
    .split(" ")
    .map((word) => abbreviations[word] ?? word.replace(/[A-Z]+/g, (part) => part[0] + part.slice(1).toLowerCase()))
    .join(" ");
}

/** Address of a station's page, relative to the current page. */
export function stationAddress(key: string): string {
  const home = document.querySelector<HTMLMetaElement>("meta[name=home]")?.content ?? "./";
  return `${home}station/${encodeURIComponent(key)}`;
}

/**
 * A link to a station: its code and name.
 * @param onSelect shows the station on the current page
 */
export function stationLink(station: { key: string; name: string }, onSelect?: (key: string) => void): HTMLElement {
  return html`<a href=${stationAddress(station.key)} data-station=${station.key}
    onclick=${onPlainClick(() => onSelect?.(station.key), onSelect !== undefined)}><span class="code">${station.key}</span> ${placeName(station.name)}</a>`;
}

/** Handles a plain click. With a modifier key, the browser opens a new tab or window. */
export function onPlainClick(handle: () => void, enabled = true): (event: MouseEvent) => void {
  return (event) => {
    if (!enabled || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    handle();
  };
}

/** Marks all links to the current station. */
export function markStation(parts: readonly Element[], key: string): void {
  for (const part of parts) {
    for (const link of part.querySelectorAll("[data-station]")) {
      if (link.getAttribute("data-station") === key) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}

/** Input for the station; its value is the key. */
export function stationInput(stations: readonly StationSummary[]): ValueElement<string> {
  return selectInput(
    "Station",
    stations.map(({ key, name }) => [key, `${key} ${placeName(name)}`]),
  );
}
