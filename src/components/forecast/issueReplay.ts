import type { ObservedHour, StationForecast } from "../../shared/published/stationForecast.js";
import type { StationModel } from "../../shared/published/stationModel.js";
import { hourMs } from "../../shared/time.js";
import { replayProgress } from "../replay/replayProgress.js";
import { replayRequest } from "../replay/replayRequest.js";
import type { ReplayRun } from "../replay/replayRun.js";
import { fetchApi } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import type { ValueElement } from "../ui/pageState.js";
import { readParquet } from "../ui/readParquet.js";
import { formatCount } from "../ui/units.js";
import { type Issue, issueOf } from "./issue.js";
import { isOlderIssue } from "./issueInput.js";

/** The one looked at last: another zone or unit need not wait for it again. */
let kept: { id: string; issue: Issue; observed: ObservedHour[]; hours: number } | null = null;

/** An issue of long ago, and the station with what was observed before and after it. */
export interface ReplayedIssue {
  issue: Issue;
  data: StationForecast;
}

/**
 * For an issue older than those stored: takes the model through the hours up to it once more, and says how far that is.
 * Its value is null until then, and for other issues, of which there is nothing to see here either.
 * @param name as of `issueInput`
 * @param onCancel what to do when the reader will not wait
 */
export function issueReplay(
  data: StationForecast,
  name: string,
  onCancel: () => void,
): ValueElement<ReplayedIssue | null> & { cancel(): void } {
  const time = Date.parse(name);
  const id = `${data.station.key} ${data.issuedTime} ${name}`;
  let value: ReplayedIssue | null = null;
  let run: ReplayRun | null = null;
  let isCancelled = false;
  const isOlder = isOlderIssue(name, data.issues, data.station.genesisTime);
  const cancel = html`<button type="button">Cancel</button>` as HTMLButtonElement;
  const progress = replayProgress("Hours replayed");
  const outcome = html`<p class="replay-outcome" role="status"></p>`;
  const work = html`<div>${cancel}${progress.parts}</div>`;
  const element = isOlder ? html`<div class="replay-controls">${work}${outcome}</div>` : html`<div></div>`;

  const replay = async () => {
    const [model, rows, { ReplayRun }] = await Promise.all([
      fetchApi<StationModel>(`${data.station.key}/model.json`),
      readParquet<{ validTime: Date; temperatureC: number | null; dewPointC: number | null }>(
        `api/${data.station.key}/hours.parquet`,
      ),
      import("../replay/replayRun.js"),
    ]);
    if (isCancelled) return;
    const period = { firstTime: data.station.genesisTime!, lastTime: time };
    const begun = new ReplayRun(replayRequest(model, model.options, period));
    run = begun;
    await new Promise<void>((ended) => {
      begun.addEventListener("change", () => {
        progress.show(begun);
        if (!begun.isRunning) ended();
      });
    });
    if (isCancelled) return;
    if (begun.problem) throw new Error(begun.problem);
    const observed = rows.flatMap(({ validTime, temperatureC, dewPointC }): ObservedHour[] =>
      Math.abs(validTime.getTime() - time) > 72 * hourMs
        ? []
        : [{ validTime: validTime.getTime(), temperature: temperatureC, dewPoint: dewPointC }],
    );
    const issue = begun.issued && issueOf(begun.issued, observed, time);
    work.remove();
    if (!issue) {
      outcome.textContent = "Nothing was forecast at that hour: no temperature was observed.";
      return;
    }
    kept = { id, issue, observed, hours: begun.hours };
    show(kept);
    element.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const show = ({ issue, observed, hours }: NonNullable<typeof kept>) => {
    work.remove();
    const all = hours === 1 ? "the first hour alone" : `the ${formatCount(hours)} hours up to then`;
    outcome.textContent = `Too old to be stored: forecast again, by today’s settings, from ${all}.`;
    value = { issue, data: { ...data, observed } };
  };
  if (kept?.id === id) show(kept);
  else if (isOlder) {
    outcome.textContent = "Forecasting again, from all the hours up to then.";
    replay().catch((error: unknown) => {
      outcome.textContent = `It failed: ${error instanceof Error ? error.message : String(error)}.`;
    });
  }
  const stop = () => {
    isCancelled = true;
    run?.cancel();
  };
  cancel.addEventListener("click", () => {
    stop();
    onCancel();
  });
  return Object.defineProperties(element, {
    value: { get: () => value },
    cancel: { value: stop },
  }) as ReturnType<typeof issueReplay>;
}
