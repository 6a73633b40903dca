import type { DataHealth, StationTrust } from "../../shared/published/dataHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { sourceStyle } from "../chart/modelStyle.js";
import { stationWords } from "../stations/stationTable.js";
import { dataAge } from "../ui/dataAge.js";
import { type Column, numberColumn, orderChoicesOf, rowOrder, sortableTable, textColumn } from "../ui/dataTable.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/inputs.js";
import { stationLink } from "../ui/station.js";
import { dateName } from "../ui/timeZone.js";
import { formatBytes, formatCount } from "../ui/units.js";
import { missingLastWeek } from "./trustVerdict.js";

interface HealthRow extends StationSummary, Omit<StationTrust, "key"> {
  missingWeek: number | null;
}

/** Sources of the last seven days' temperatures, the most frequent first: "GHCNh 120, AWC 48". */
function sourcesOf({ weekBySource }: HealthRow): string {
  const parts = Object.entries(weekBySource).map(([source, n]) => `${sourceStyle(source).code} ${formatCount(n)}`);
  return parts.join(", ") || "–";
}

const by = rowOrder<HealthRow>;
const orders = {
  station: by("Station", ({ key }) => key),
  age: by("Newest data", ({ newestObservedTime }) => newestObservedTime),
  sources: by("Sources", sourcesOf),
  week: by("Missing, 7 days", ({ missingWeek }) => missingWeek),
  missing: by("Missing, total", ({ hoursMissing }) => hoursMissing),
  late: by("Late", ({ valuesLate }) => valuesLate),
  corrected: by("Corrected", ({ valuesCorrected }) => valuesCorrected),
  refused: by("Rejected", ({ rowsQuarantined }) => rowsQuarantined),
  alarms: by("Newest alarm", ({ newestAlarmTime }) => newestAlarmTime),
  requests: by("Requests", ({ requested }) => requested),
  failed: by("Failed requests", ({ failed }) => failed),
  bytes: by("Fetched", ({ bytes }) => bytes),
};

/** The orders in which the table of stations can be sorted. */
export const healthOrderChoices = orderChoicesOf(orders);

/** Freshness, completeness, sources and problems of the data of every station. */
export function healthTable(
  { asOf, stations: trust }: DataHealth,
  stations: readonly StationSummary[],
  {
    order,
    find,
    onSelect,
  }: { order?: ValueElement<string>; find?: ValueElement<string>; onSelect?: (key: string) => void } = {},
): HTMLElement {
  // A station in only one of the two files is from a newer build, which the next page load shows.
  const trustOf = new Map(trust.map((row) => [row.key, row]));
  const rows = stations.flatMap((station): HealthRow[] => {
    const row = trustOf.get(station.key);
    if (!row) return [];
    return [{ ...row, ...station, missingWeek: missingLastWeek(station, row, asOf)?.missing ?? null }];
  });
  const count = (value: number | null) => (value === null ? "–" : formatCount(value));
  const columns: Record<keyof typeof orders, Column<HealthRow>> = {
    station: textColumn("Station", (station) => stationLink(station, onSelect)),
    age: textColumn("Newest", (row) => dataAge(row, { zone: "UTC" })),
    sources: textColumn("Sources, 7 days", sourcesOf),
    week: numberColumn("Missing, 7 days", ({ missingWeek }) => count(missingWeek)),
    missing: numberColumn(
      "Missing, total",
      ({ hoursMissing, hoursObserved }) =>
        html`<span>${count(hoursMissing)} <small>of ${formatCount(hoursMissing + hoursObserved)}</small></span>`,
    ),
    late: numberColumn("Late", ({ valuesLate }) => count(valuesLate)),
    corrected: numberColumn("Corrected", ({ valuesCorrected }) => count(valuesCorrected)),
    refused: numberColumn("Rejected", ({ rowsQuarantined }) => count(rowsQuarantined)),
    alarms: numberColumn("Alarms", ({ alarms, newestAlarmTime }) =>
      newestAlarmTime === null
        ? "0"
        : html`<span>${formatCount(alarms)} <small>${dateName(newestAlarmTime, "UTC")}</small></span>`,
    ),
    requests: numberColumn(
      "Requests",
      ({ requested, saved }) => html`<span>${count(requested)} <small>${formatCount(saved)} saved</small></span>`,
    ),
    failed: numberColumn("Failed", ({ failed }) => count(failed)),
    bytes: numberColumn("Fetched", ({ bytes }) => formatBytes(bytes)),
  };
  return sortableTable(rows, columns, {
    label: "Health of all stations",
    noun: "stations",
    orders,
    order,
    find,
    textOf: (row) => `${stationWords(row)} ${sourcesOf(row)}`,
  });
}
