import { reportedColumns } from "../../model/vocabulary.js";
import type { SnapshotWeights } from "../../shared/published/stationModel.js";
import type { ForecastColumns, ReplayMessage, ReplayRequest } from "./replayMessages.js";

/** A replay in its own Web Worker. Dispatches "change" when it progresses, ends or fails. */
export class ReplayRun extends EventTarget {
  /** Hours to replay; 0 until they have been fetched. */
  hours = 0;
  /** Hours replayed so far. */
  done = 0;
  /** hours × reported columns, as in `TracedReplay`; NaN for hours still to come. */
  errors = new Float64Array(0);
  /** Duration; null until it ends. */
  seconds: number | null = null;
  /** SHA-256 of the final state; null until it ends, and where the browser has no SubtleCrypto. */
  stateDigest: string | null = null;
  /** Weights of the regression; null until it ends, and when the options leave the regression out. */
  weights: SnapshotWeights | null = null;
  /** The forecast of the last hour; null until it ends. */
  forecast: ForecastColumns | null = null;
  problem: string | null = null;
  isRunning = true;
  readonly request: ReplayRequest;
  private readonly worker: Worker;

  constructor(request: ReplayRequest) {
    super();
    this.request = request;
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
      else {
        ({
          seconds: this.seconds,
          stateDigest: this.stateDigest,
          weights: this.weights,
          forecast: this.forecast,
        } = message);
      }
    }
    this.dispatchEvent(new Event("change"));
  }

  private stop(): void {
    this.isRunning = false;
    this.worker.terminate();
  }
}
