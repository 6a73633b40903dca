import type { DataHealth, StationTrust } from "../../shared/published/dataHealth.js";
import type { StationSummary } from "../../shared/published/stationSummary.js";
import { stationWords } from "../stations/stationTable.js";
import { dataAge } from "../ui/dataAge.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/pageState.js";
import { orderChoicesOf, rowOrder, type SortableColumn, sortableTable } from "../ui/sortableTable.js";
import { stationLink } from "../ui/station.js";
import { dateName } from "../ui/timeZone.js";
import { formatBytes, formatCount } from "../ui/units.js";
import { missingOfWeek } from "./doubts.js";
import { sourceStyle } from "./sourceStyle.js";

interface HealthRow extends StationSummary, Omit<StationTrust, "key"> {
  missingWeek: number | null;
}

/** Where last week's temperatures came from, the most frequent first: "GHCNh 120, AWC 48". */
function sourcesOf({ weekBySource }: HealthRow): string {
  const parts = Object.entries(weekBySource).map(([source, n]) => `${sourceStyle(source).code} ${n}`);
  return parts.join(", ") || "–";
}

const by = rowOrder<HealthRow>;
const orders = {
  station: by("Station", ({ key }) => key),
  age: by("Newest data", ({ newestObservedTime }) => newestObservedTime),
  sources: by("Sources", sourcesOf),
  week: by("Missing last week", ({ missingWeek }) => missingWeek),
  missing: by("Missing in all", ({ hoursMissing }) => hoursMissing),
  late: by("Late", ({ valuesLate }) => valuesLate),
  corrected: by("Corrected", ({ valuesCorrected }) => valuesCorrected),
  refused: by("Refused", ({ rowsQuarantined }) => rowsQuarantined),
  alarms: by("Newest alarm", ({ newestAlarmTime }) => newestAlarmTime),
  requests: by("Requests", ({ requested }) => requested),
  failed: by("Failed requests", ({ failed }) => failed),
  bytes: by("Fetched", ({ bytes }) => bytes),
};
type HealthOrder = keyof typeof orders;

/** The orders that the table of stations can be put in. */
export const healthOrderChoices = orderChoicesOf(orders);

/** Of each station how fresh and how whole its data are, where they come from and what was wrong with them. */
export function healthTable(
  { asOf, stations: trust }: DataHealth,
  stations: readonly StationSummary[],
  {
    order,
    find,
    onSelect,
  }: { order?: ValueElement<string>; find?: ValueElement<string>; onSelect?: (key: string) => void } = {},
): HTMLElement {
  // A station that only one of the two files has is of another build, and shown when the page is loaded again.
  const trustOf = new Map(trust.map((row) => [row.key, row]));
  const rows = stations.flatMap((station): HealthRow[] => {
    const row = trustOf.get(station.key);
    if (!row) return [];
    return [{ ...row, ...station, missingWeek: missingOfWeek(station, row, asOf)?.missing ?? null }];
  });
  const count = (value: number | null) => (value === null ? "–" : formatCount(value));
  const columns: (SortableColumn<HealthRow> & { order: HealthOrder })[] = [
    { order: "station", heading: "Station", cell: (station) => stationLink(station, onSelect) },
    { order: "age", heading: "Newest", cell: (row) => dataAge(row, { zone: "UTC" }) },
    { order: "sources", heading: "From, last week", cell: sourcesOf },
    { order: "week", heading: "Missing in a week", cell: ({ missingWeek }) => count(missingWeek), numeric: true },
    {
      order: "missing",
      heading: "Missing in all",
      cell: ({ hoursMissing, hoursObserved }) =>
        html`<span>${count(hoursMissing)} <small>of ${formatCount(hoursMissing + hoursObserved)}</small></span>`,
      numeric: true,
    },
    { order: "late", heading: "Late", cell: ({ valuesLate }) => count(valuesLate), numeric: true },
    { order: "corrected", heading: "Corrected", cell: ({ valuesCorrected }) => count(valuesCorrected), numeric: true },
    { order: "refused", heading: "Refused", cell: ({ rowsQuarantined }) => count(rowsQuarantined), numeric: true },
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
    ...{ label: "Health of all stations", noun: "stations", orders, order, find },
    textOf: (row) => `${stationWords(row)} ${sourcesOf(row)}`,
  });
}
