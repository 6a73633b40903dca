/**
 * What an alarm may come from: "weather" when neighbours show the same, "sensor" when they do not, and "unknown" when too few
 * are near, or when the station itself shows no change.
 */
export const alarmCauses = ["weather", "sensor", "unknown"] as const;
export type AlarmCause = (typeof alarmCauses)[number];

/** Alarms are mentioned for this many days. */
export const alarmDays = 14;

/** Why an alarm was raised, as far as the neighbours tell: a phrase without capital and full stop. */
export const alarmPhrases: Readonly<Record<AlarmCause, string>> = {
  weather: "unusual run of errors, shared by neighbours",
  sensor: "the sensor may have moved or changed",
  unknown: "unusual run of errors",
};

/** "Last day +6.2 °C against the two weeks before, at 8 neighbours +5.9 °C"; what is unknown is left out. */
export function alarmEvidence({
  changeC,
  neighbours,
  neighbourChangeC,
}: {
  changeC: number | null;
  neighbours: number;
  neighbourChangeC: number | null;
}): string {
  if (changeC === null) return "Too few hours are known to compare it with the two weeks before";
  const own = `Last day ${signed(changeC)} against the two weeks before`;
  const stations = neighbours === 1 ? "1 neighbour" : `${neighbours} neighbours`;
  return neighbourChangeC === null
    ? `${own}; no neighbours to compare with`
    : `${own}, at ${stations} ${signed(neighbourChangeC)}`;
}

function signed(celsius: number): string {
  const text = Math.abs(celsius).toFixed(1);
  return `${text === "0.0" ? "±" : celsius > 0 ? "+" : "−"}${text} °C`;
}
