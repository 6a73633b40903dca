import { html } from "../ui/html.js";
import { formatCount } from "../ui/units.js";

/** How far something is that goes through a station's hours; 0 hours until they have been fetched. */
export interface HoursDone {
  hours: number;
  done: number;
}

/** A bar and a count of hours, and what sets them; null before anything has begun. */
export function replayProgress(label: string): { parts: HTMLElement[]; show(run: HoursDone | null): void } {
  const bar = html`<progress aria-label=${label} max="1" value="0"></progress>` as HTMLProgressElement;
  const count = html`<span class="replay-count"></span>`;
  return {
    parts: [bar, count],
    show(run) {
      bar.value = run && run.hours > 0 ? run.done / run.hours : 0;
      if (!run) return;
      count.textContent =
        run.hours === 0 ? "fetching the hours" : `${formatCount(run.done)} of ${formatCount(run.hours)} hours`;
    },
  };
}
