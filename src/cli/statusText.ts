import { alarmPhrases } from "../shared/alarmCause.js";
import { textTable } from "../shared/textTable.js";
import { networkText } from "./networkStatus.js";
import type { Statuses } from "./status.js";

/** No line is longer: a terminal or an e-mail shows it whole. `--json` has everything in full. */
const columns = 100;

/** Formats the status in the words of the Data page, as text tables. */
export function statusText({ stations, notShown, alarms, network, sources, absences, runs, ledger }: Statuses): string {
  const lines = [
    textTable(
      stations.map((row) => ({
        station: row.icao ?? row.id,
        "newest observation": minute(row.newestObservation),
        "newest forecast": minute(row.newestForecast),
        missing: row.hoursMissing,
        rejected: row.rowsQuarantined,
        corrected: row.valuesCorrected,
        late: row.valuesLate,
        alarms: row.alarms,
      })),
      ["station", "newest observation", "newest forecast", "missing", "rejected", "corrected", "late", "alarms"],
    ),
    ...notShown.map(wrapped),
    ...alarms.map(({ station, raised, variable, found, cause }) =>
      wrapped(`alarm: ${station}, ${minute(raised)}, ${variable}: ${found}; ${alarmPhrases[cause]}`),
    ),
  ];
  const requests = (row: Omit<(typeof sources)[number], "source">) => ({
    requests: row.requestsMade,
    failed: row.requestsFailed,
    saved: row.requestsSaved,
    MB: (row.bytesFetched / 1e6).toFixed(1),
  });
  const requestColumns = ["requests", "failed", "saved", "MB"] as const;
  const byStation = stations.map((row) => ({
    station: row.icao ?? row.id,
    name: shortened(row.name, 28),
    "last 7 days from": shortened(row.sources, 22),
    ...requests(row),
  }));
  const bySource = sources.map((row) => ({ source: row.source, ...requests(row) }));
  const missing = absences.map(({ source, station, asked, absent, address }) =>
    [
      shortened(`${source} has no ${absent} (${station}, asked ${minute(asked)})`, columns),
      ...address
        .split(" ")
        .filter(Boolean)
        .map((url) => shortened(`  at ${url}`, columns)),
    ].join("\n"),
  );
  const ran = runs.map(({ command, started, seconds, outcome, message }) => {
    const line = `${minute(started)}  ${command} ${outcome}${seconds === null ? "" : ` in ${seconds} s`}`;
    return message === null ? `${line}\n` : wrapped(`${line}: ${message.replace(/\s+/g, " ")}`);
  });
  return [
    lines.join(""),
    ...(stations.length > 0 ? [textTable(byStation, ["station", "name", "last 7 days from", ...requestColumns])] : []),
    networkText(network),
    sources.length > 0 ? textTable(bySource, ["source", ...requestColumns]) : "requests: none yet\n",
    absences.length > 0 ? `${missing.join("\n")}\n` : "files that sources lack: none\n",
    runs.length > 0 ? ran.join("") : "runs: none yet\n",
    ledger
      ? `ledger: ${ledger.entries} entries, the newest of ${minute(new Date(ledger.time).toISOString())}, SHA-256\n  ${ledger.sha256}\n`
      : "ledger: no entry yet\n",
  ].join("\n");
}

/** A time such as 2026-03-09T18:00Z, as options take it. */
function minute(time: string | null): string | null {
  return time?.replace(/:\d\d\.\d+Z$/, "Z") ?? null;
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** Text in lines that break between words; those after the first are indented. */
function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(lines.length === 0 ? word : `  ${word}`);
  }
  return `${lines.join("\n")}\n`;
}
