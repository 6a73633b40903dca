// Worker threads of Node 20 start without the main thread's TypeScript loader, so this JavaScript file registers it
// before it imports the functions to run.
import { register } from "tsx/esm/api";

register();
const { replay } = await import("./replay.ts");
const { replayBacktest } = await import("./backtestReplay.ts");
const { replayPrior } = await import("./priorReplay.ts");

export { replay, replayBacktest, replayPrior };
