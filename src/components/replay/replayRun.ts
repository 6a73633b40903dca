import { tracedColumns } from "../../model/forecaster/tracedReplay.js";
import type { SnapshotWeights } from "../../shared/published/stationModel.js";
import type { Issued, ReplayMessage, ReplayRequest } from "./replayMessages.js";

/** A replay in a Web Worker of its own; dispatches "change" whenever it has come further, ended or failed. */
export class ReplayRun extends EventTarget {
  /** Hours there are; 0 until they have been fetched. */
  hours = 0;
  /** Hours taken in. */
  done = 0;
  /** hours × traced columns, as `TracedReplay` notes them; NaN where it has not come to. */
  errors = new Float64Array(0);
  /** What it took; null before its end. */
  seconds: number | null = null;
  /** SHA-256 of the state it ended in; null before, and where the browser has no digests. */
  stateDigest: string | null = null;
  /** What the regression in it knows; null before, and where the options have none. */
  weights: SnapshotWeights | null = null;
  /** What the published model issued at the last hour; null before. */
  issued: Issued | null = null;
  problem: string | null = null;
  isRunning = true;
  readonly request: ReplayRequest;
  private readonly worker: Worker;

  constructor(request: ReplayRequest) {
    super();
    this.request = request;
    this.worker = new Worker(import.meta.resolve("./replayWorker.js"), { type: "module" });
    this.worker.onmessage = ({ data }: MessageEvent<ReplayMessage>) => this.take(data);
    this.worker.onerror = ({ message }) => this.take({ kind: "failed", message });
    this.worker.postMessage(request);
  }

  /** Ends it where it is. */
  cancel(): void {
    if (!this.isRunning) return;
    this.end();
    this.dispatchEvent(new Event("change"));
  }

  private take(message: ReplayMessage): void {
    if (message.kind === "hours") {
      this.hours = message.hours;
      this.errors = new Float64Array(message.hours * tracedColumns.length).fill(Number.NaN);
    } else if (message.kind === "errors") {
      this.errors.set(message.errors, this.done * tracedColumns.length);
      this.done = message.done;
    } else {
      this.end();
      if (message.kind === "failed") this.problem = message.message;
      else {
        ({
          seconds: this.seconds,
          stateDigest: this.stateDigest,
          weights: this.weights,
          issued: this.issued,
        } = message);
      }
    }
    this.dispatchEvent(new Event("change"));
  }

  private end(): void {
    this.isRunning = false;
    this.worker.terminate();
  }
}
