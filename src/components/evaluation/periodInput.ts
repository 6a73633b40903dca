import { selectInput } from "../ui/inputs.js";
import type { ValueElement } from "../ui/pageState.js";

/** Chooses one of the periods that errors are published of. */
export function periodInput(periods: readonly string[]): ValueElement<string> {
  return selectInput(
    "Period",
    periods.map((period) => [period, labels[period] ?? period]),
  );
}

const labels: Record<string, string> = { all: "Everything", "last-12-months": "Last 12 months" };
