import { choose, type ValueElement } from "../ui/inputs.js";

/** The event by which the chart tells the hour that the reader chose in it. */
type HourChoice = CustomEvent<{ leadHours: number }>;

/**
 * Watches a folded part of the page about one hour of the forecast. When the reader chooses an hour of the chart, it opens,
 * and `hour` takes that lead.
 * @param notify called with whether it is open, now and after each change
 */
export function watchHourDetails(
  details: HTMLDetailsElement,
  hour: ValueElement<string>,
  notify: (isOpen: boolean) => void,
): void {
  notify(details.open);
  details.addEventListener("toggle", () => notify(details.open));
  document.addEventListener("choosehour", (event) => {
    choose(hour, String((event as HourChoice).detail.leadHours));
    details.open = true;
  });
}
