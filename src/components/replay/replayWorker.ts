import { regressionWeights } from "../../model/forecaster/regressionWeights.js";
import { TracedReplay } from "../../model/forecaster/tracedReplay.js";
import { learnedHours } from "./learnedHours.js";
import type { ReplayMessage, ReplayRequest } from "./replayMessages.js";
import { hexDigest } from "./stateDigest.js";

// Runs in a Web Worker: the model's own loop over a station's history, away from the page.

/** Milliseconds between two tellings. */
const everyMs = 150;
/** Hours between two looks at the clock. */
const stride = 48;

const tell = (message: ReplayMessage, transfer: Transferable[] = []) => postMessage(message, { transfer });

addEventListener("message", ({ data }: MessageEvent<ReplayRequest>) => {
  replay(data).catch((error: unknown) => tell({ kind: "failed", message: String(error) }));
});

async function bytesOf(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

async function replay({ address, officialAddress, options, firstTime, lastTime }: ReplayRequest): Promise<void> {
  const files = await Promise.all([bytesOf(address), officialAddress === null ? null : bytesOf(officialAddress)]);
  const hours = await learnedHours(...files, { firstTime, lastTime });
  const begun = performance.now();
  const traced = new TracedReplay(options, hours);
  const width = traced.errors.length / traced.hours;
  tell({ kind: "hours", hours: traced.hours });
  let told = 0;
  let toldAt = begun;
  while (traced.done < traced.hours) {
    traced.advance(stride);
    const now = performance.now();
    if (now - toldAt < everyMs && traced.done < traced.hours) continue;
    const errors = traced.errors.slice(told * width, traced.done * width);
    tell({ kind: "errors", done: traced.done, errors }, [errors.buffer]);
    told = traced.done;
    toldAt = now;
  }
  const seconds = (performance.now() - begun) / 1000;
  const weights = regressionWeights(traced.forecaster);
  const issued = {
    values: traced.issued.slice(),
    quantiles: traced.forecaster.quantiles.slice(),
    official: traced.official?.slice() ?? null,
  };
  tell({ kind: "end", seconds, weights, issued, stateDigest: await hexDigest(traced.forecaster.serialize()) });
}
