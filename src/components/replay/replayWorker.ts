import { regressionWeights } from "../../model/forecaster/regressionWeights.js";
import { TracedReplay } from "../../model/forecaster/tracedReplay.js";
import { learnedHours } from "./learnedHours.js";
import { replayContext } from "./replayContext.js";
import type { ReplayMessage, ReplayRequest } from "./replayRun.js";
import { hexDigest } from "./stateDigest.js";

// A Web Worker that runs the model over a station's history, so that the page stays responsive.

/** Milliseconds between progress messages. */
const progressMs = 150;
/** Hours replayed between two checks of the clock. */
const stride = 48;

const send = (message: ReplayMessage, transfer: Transferable[] = []) => postMessage(message, { transfer });

addEventListener("message", ({ data }: MessageEvent<ReplayRequest>) => {
  replay(data).catch((error: unknown) => send({ kind: "failed", message: String(error) }));
});

async function bytesOf(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

async function replay(request: ReplayRequest): Promise<void> {
  const { address, guidanceAddress, options, firstTime, lastTime } = request;
  const files = await Promise.all([bytesOf(address), guidanceAddress === null ? null : bytesOf(guidanceAddress)]);
  const hours = await learnedHours(...files, { firstTime, lastTime });
  const context = await replayContext(request, bytesOf);
  const start = performance.now();
  const traced = new TracedReplay(options, hours, context);
  const width = traced.errors.length / traced.hours;
  send({ kind: "hours", hours: traced.hours });
  let sent = 0;
  let sentAt = start;
  while (traced.done < traced.hours) {
    traced.advance(stride);
    const now = performance.now();
    if (now - sentAt < progressMs && traced.done < traced.hours) continue;
    const errors = traced.errors.slice(sent * width, traced.done * width);
    send({ kind: "errors", done: traced.done, errors }, [errors.buffer]);
    sent = traced.done;
    sentAt = now;
  }
  const seconds = (performance.now() - start) / 1000;
  const weights = regressionWeights(traced.forecaster);
  const forecast = {
    values: traced.issued.slice(),
    quantiles: traced.forecaster.quantiles.slice(),
    guidance: traced.guidance.map((values) => values?.slice() ?? null),
  };
  const stateDigest = await hexDigest(traced.forecaster.serialize());
  send({ kind: "end", result: { seconds, stateDigest, weights, forecast } });
}
