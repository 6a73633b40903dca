import { html } from "../ui/html.js";
import { dateTimeName } from "../ui/timeZone.js";

/** Says above everything that the page shows an older forecast, and leads back to the newest. */
export function lookBackLine(
  issuedTime: number,
  { zone, onNewest }: { zone: string; onNewest: () => void },
): HTMLElement {
  return html`<p class="freshness banner"><span><strong>An older forecast,</strong> issued
    ${dateTimeName(issuedTime, zone)}: all that stands here up to the list of stations is of that hour.</span>
    <button type="button" onclick=${onNewest}>Stop looking back</button></p>`;
}
