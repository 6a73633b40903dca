import { html } from "../ui/html.js";
import { formatCount } from "../ui/units.js";

/** Progress through a station's hours; `hours` is 0 until they have been fetched. */
export interface HoursDone {
  hours: number;
  done: number;
}

/** A progress bar with a count of hours. `show` takes null before the replay starts. */
export function replayProgress(label: string): { parts: HTMLElement[]; show(run: HoursDone | null): void } {
  const bar = html`<progress aria-label=${label} max="1" value="0"></progress>` as HTMLProgressElement;
  const count = html`<span class="replay-count"></span>`;
  return {
    parts: [bar, count],
    show(run) {
      bar.value = run && run.hours > 0 ? run.done / run.hours : 0;
      if (!run) return;
      count.textContent =
        run.hours === 0 ? "fetching hours" : `${formatCount(run.done)} of ${formatCount(run.hours)} hours`;
    },
  };
}
