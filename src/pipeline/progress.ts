import { MultiBar } from "cli-progress";
import pc from "picocolors";

/** A piece of work whose size is known. */
export interface Task {
  /** Says that `steps` more of the total are done; defaults to 1. */
  advance(steps?: number): void;
  /** Ends the task, whether all of it was done or not. */
  end(): void;
}

/** How a stage tells people what it is doing. Results never go this way. */
export interface Report {
  info(message: string): void;
  warn(message: string): void;
  /** Begins a task of `total` steps, named as in "fetch" or "learn KATL". */
  task(name: string, total: number): Task;
}

/** Says nothing: for tests, workers and callers that have nobody to tell. */
export const silentReport: Report = { info() {}, warn() {}, task: () => ({ advance() {}, end() {} }) };

const secondsBetweenLines = 10;

/**
 * Reports to `stream` (stderr by default, so that results on stdout stay clean): bars on a terminal; elsewhere plain
 * lines, one when a task ends and one every ten seconds while it lasts.
 */
export function terminalReport(stream: NodeJS.WriteStream = process.stderr): Report & { close(): void } {
  const isTerminal = stream.isTTY === true;
  const color = pc.createColors(isTerminal && !process.env.NO_COLOR);
  const bars = isTerminal
    ? new MultiBar({
        stream,
        format: `{name} ${color.cyan("{bar}")} {percentage}% {duration_formatted}`,
        barCompleteChar: "━",
        barIncompleteChar: " ",
        gracefulExit: false, // Ctrl-C shall end the process, not only the bars
      })
    : null;
  // While bars are drawn, lines go above them.
  let barsDrawn = 0;
  const line = (text: string) => (bars && barsDrawn > 0 ? bars.log(`${text}\n`) : stream.write(`${text}\n`));

  return {
    info: (message) => line(message),
    warn: (message) => line(`${color.yellow("warning:")} ${message}`),
    task(name, total) {
      if (!(total >= 0)) throw new Error(`total of task ${name} is ${total}`);
      return bars ? barTask(name, total) : lineTask(name, total);
    },
    close: () => bars?.stop(),
  };

  function barTask(name: string, total: number): Task {
    const bar = bars!.create(total, 0, { name: name.padEnd(24) });
    barsDrawn++;
    return {
      advance: (steps = 1) => bar.increment(steps),
      end: () => bar.stop(),
    };
  }

  function lineTask(name: string, total: number): Task {
    const start = performance.now();
    let done = 0;
    let lineAt = start;
    const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
    return {
      advance(steps = 1) {
        done += steps;
        if (performance.now() - lineAt < secondsBetweenLines * 1000) return;
        lineAt = performance.now();
        line(`${name}: ${done} of ${total} after ${seconds()} s`);
      },
      end: () => line(`${name}: ${done} of ${total} in ${seconds()} s`),
    };
  }
}
