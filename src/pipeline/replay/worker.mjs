// Worker threads of Node 20 start without the loader of the main thread, so this file, the only one in JavaScript,
// registers it before it imports what is to run.
import { register } from "tsx/esm/api";

register();
const { replay } = await import("./replay.ts");
const { replayBacktest } = await import("./backtestReplay.ts");

export { replay, replayBacktest };
