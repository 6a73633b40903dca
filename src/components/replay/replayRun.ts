import type { ForecasterOptions } from "../../model/experts/modelOptions.js";
import type { NetworkStation } from "../../model/network/fields.js";
import { reportedColumns } from "../../model/vocabulary.js";
import type { SnapshotWeights, StationModel } from "../../shared/published/stationModel.js";
import { siteAddress } from "../ui/fetchApi.js";
import { html } from "../ui/html.js";
import { formatCount } from "../ui/units.js";

/** A replay in its own Web Worker. Dispatches "change" when it progresses, ends or fails. */
export class ReplayRun extends EventTarget {
  /** Hours to replay; 0 until they have been fetched. */
  hours = 0;
  /** Hours replayed so far. */
  done = 0;
  /** hours × reported columns, as in `TracedReplay`; NaN for hours still to come. */
  errors = new Float64Array(0);
  /** The results; null until it ends. */
  result: ReplayResult | null = null;
  problem: string | null = null;
  isRunning = true;
  /** Resolves when it ends, fails or is cancelled. */
  readonly ended: Promise<void>;
  readonly request: ReplayRequest;
  private readonly worker: Worker;

  constructor(request: ReplayRequest) {
    super();
    this.request = request;
    this.ended = new Promise((resolve) => this.addEventListener("change", () => this.isRunning || resolve()));
    this.worker = new Worker(import.meta.resolve("./replayWorker.js"), { type: "module" });
    this.worker.onmessage = ({ data }: MessageEvent<ReplayMessage>) => this.handle(data);
    this.worker.onerror = ({ message }) => this.handle({ kind: "failed", message });
    this.worker.postMessage(request);
  }

  /** Stops the replay; what it has computed so far stays. */
  cancel(): void {
    if (!this.isRunning) return;
    this.stop();
    this.dispatchEvent(new Event("change"));
  }

  private handle(message: ReplayMessage): void {
    if (message.kind === "hours") {
      this.hours = message.hours;
      this.errors = new Float64Array(message.hours * reportedColumns.length).fill(Number.NaN);
    } else if (message.kind === "errors") {
      this.errors.set(message.errors, this.done * reportedColumns.length);
      this.done = message.done;
    } else {
      this.stop();
      if (message.kind === "failed") this.problem = message.message;
      else this.result = message.result;
    }
    this.dispatchEvent(new Event("change"));
  }

  private stop(): void {
    this.isRunning = false;
    this.worker.terminate();
  }
}

/** The message that starts a replay in the worker. */
export interface ReplayRequest {
  /** Address of the station's learned hours. */
  address: string;
  /** Address of the guidance that the model learned from; null when there is none. */
  guidanceAddress: string | null;
  /** The network around the station: the address of its list of stations, and the station's place in it; null without. */
  network: { address: string; station: NetworkStation } | null;
  /** Address of what the regressions start with; null when they start with nothing. */
  priorAddress: string | null;
  options: ForecasterOptions;
  /** First and last hour, epoch milliseconds. */
  firstTime: number;
  lastTime: number;
}

/** The forecast of one hour in the columns of `Forecaster`, °C, NaN where missing. */
export interface ForecastColumns {
  values: Float32Array;
  /** By column and quantile. */
  quantiles: Float32Array;
  /** The guidance known at that hour, by source and column; null if there was none. */
  guidance: (Float32Array | null)[];
}

/** The results of a replay. */
export interface ReplayResult {
  seconds: number;
  /** SHA-256 of the final state; null where the browser has no SubtleCrypto. */
  stateDigest: string | null;
  /** Weights of the regression; null when the options leave the regression out. */
  weights: SnapshotWeights | null;
  /** The forecast of the last hour. */
  forecast: ForecastColumns;
}

/** What the worker sends: the number of hours, the errors of the hours replayed, and finally the results. */
export type ReplayMessage =
  | { kind: "hours"; hours: number }
  | { kind: "errors"; done: number; errors: Float64Array }
  | { kind: "end"; result: ReplayResult }
  | { kind: "failed"; message: string };

/** The model to replay: its settings, and whether it starts with the published model's prior. */
export interface ReplayedModel {
  options: ForecasterOptions;
  usesPrior: boolean;
}

/** The station's published model. */
export function publishedModelOf({ options, prior }: StationModel): ReplayedModel {
  return { options, usesPrior: prior !== null };
}

/** The request for a replay of a station's hours from the first to the last time. */
export function replayRequest(
  { station, guidanceRuns, place }: StationModel,
  { options, usesPrior }: ReplayedModel,
  period: { firstTime: number; lastTime: number },
): ReplayRequest {
  const { key, stationId } = station;
  return {
    address: siteAddress(`api/${key}/learnedHours.parquet`),
    guidanceAddress: guidanceRuns > 0 ? siteAddress(`api/${key}/learnedGuidance.parquet`) : null,
    network:
      options.network && place ? { address: siteAddress("api/network.json"), station: { stationId, ...place } } : null,
    priorAddress: usesPrior ? siteAddress("api/prior.bin") : null,
    options,
    ...period,
  };
}

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
