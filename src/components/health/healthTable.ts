import type { DataHealth, StationTrust } from "../../shared/published/dataHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { stationWords } from "../stations/stationTable.js";
import { dataAge } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/inputs.js";
import { orderChoicesOf, rowOrder, type SortableColumn, sortableTable } from "../ui/sortableTable.js";
import { stationLink } from "../ui/station.js";
import { dateName } from "../ui/timeZone.js";
import { formatBytes, formatCount } from "../ui/units.js";
import { missingLastWeek } from "./problems.js";
import { sourceStyle } from "./sourceStyle.js";

interface HealthRow extends StationSummary, Omit<StationTrust, "key"> {
  missingWeek: number | null;
}

/** Sources of the last seven days' temperatures, the most frequent first: "GHCNh 120, AWC 48". */
function sourcesOf({ weekBySource }: HealthRow): string {
  const parts = Object.entries(weekBySource).map(([source, n]) => `${sourceStyle(source).code} ${n}`);
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
type HealthOrder = keyof typeof orders;

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
  // A station that is in only one of the two files comes from another build; the next page load shows it.
  const trustOf = new Map(trust.map((row) => [row.key, row]));
  const rows = stations.flatMap((station): HealthRow[] => {
    const row = trustOf.get(station.key);
    if (!row) return [];
    return [{ ...row, ...station, missingWeek: missingLastWeek(station, row, asOf)?.missing ?? null }];
  });
  const count = (value: number | null) => (value === null ? "–" : formatCount(value));
  const columns: (SortableColumn<HealthRow> & { order: HealthOrder })[] = [
    { order: "station", heading: "Station", cell: (station) => stationLink(station, onSelect) },
    { order: "age", heading: "Newest", cell: (row) => dataAge(row, { zone: "UTC" }) },
    { order: "sources", heading: "Sources, 7 days", cell: sourcesOf },
    { order: "week", heading: "Missing, 7 days", cell: ({ missingWeek }) => count(missingWeek), numeric: true },
    {
      order: "missing",
      heading: "Missing, total",
      cell: ({ hoursMissing, hoursObserved }) =>
        html`<span>${count(hoursMissing)} <small>of ${formatCount(hoursMissing + hoursObserved)}</small></span>`,
      numeric: true,
    },
    { order: "late", heading: "Late", cell: ({ valuesLate }) => count(valuesLate), numeric: true },
    { order: "corrected", heading: "Corrected", cell: ({ valuesCorrected }) => count(valuesCorrected), numeric: true },
    { order: "refused", heading: "Rejected", cell: ({ rowsQuarantined }) => count(rowsQuarantined), numeric: true },
    {
      order: "alarms",
      heading: "Alarms",
      cell: ({ alarms, newestAlarmTime }) =>
        newestAlarmTime === null
          ? "0"
          : html`<span>${alarms} <small>${dateName(newestAlarmTime, "UTC")}</small></span>`,
      numeric: true,
    },
    {
      order: "requests",
      heading: "Requests",
      cell: ({ requested, saved }) => html`<span>${count(requested)} <small>${formatCount(saved)} saved</small></span>`,
      numeric: true,
    },
    { order: "failed", heading: "Failed", cell: ({ failed }) => count(failed), numeric: true },
    { order: "bytes", heading: "Fetched", cell: ({ bytes }) => formatBytes(bytes), numeric: true },
  ];
  return sortableTable(rows, columns, {
    label: "Health of all stations",
    noun: "stations",
    orders,
    order,
    find,
    textOf: (row) => `${stationWords(row)} ${sourcesOf(row)}`,
  });
}
