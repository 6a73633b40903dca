import { MultiBar } from "cli-progress";
import pc from "picocolors";

/** A piece of work whose size is known. */
export interface Task {
  /** Counts `steps` more as done, which may be a fraction; defaults to 1. */
  advance(steps?: number): void;
  /** Ends the task, complete or not. */
  end(): void;
}

/** Progress and warnings of a command; its results go to stdout instead. */
export interface Report {
  info(message: string): void;
  warn(message: string): void;
  /** Begins a task of `total` steps, named as in "fetch" or "learn KATL"; `unit` is what it counts, such as "stations". */
  task(name: string, total: number, unit?: string): Task;
}

/** Reports nothing; for tests and workers. */
export const silentReport: Report = { info() {}, warn() {}, task: () => ({ advance() {}, end() {} }) };

const msBetweenLines = 10_000;

/**
 * Reports to `stream`; defaults to stderr, so that results on stdout stay clean. A running task is a bar on a terminal
 * and a line every ten seconds elsewhere; one line remains when it ends.
 */
export function terminalReport(stream: NodeJS.WriteStream = process.stderr): Report & { close(): void } {
  const color = pc.createColors(stream.isTTY === true && !process.env.NO_COLOR);
  let bars: MultiBar | null = null;
  let barCount = 0;
  // Lines appear above the bars.
  const line = (text: string) => (bars ? bars.log(`${text}\n`) : stream.write(`${text}\n`));

  return {
    info: (message) => line(message),
    warn: (message) => line(`${color.yellow("warning:")} ${message}`),
    task(name, total, unit) {
      if (!(total >= 0)) throw new Error(`total of task ${name} is ${total}`);
      const start = performance.now();
      let done = 0;
      let ended = false;
      const share = () => `${Math.round(done * 10) / 10} of ${total}${unit ? ` ${unit}` : ""}`;
      const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
      const drawn = stream.isTTY ? drawBar(name, total) : writeLines(() => `${name}: ${share()} after ${seconds()} s`);
      return {
        advance(steps = 1) {
          done += steps;
          if (done < total || stream.isTTY) drawn.advance(steps);
        },
        end() {
          if (ended) return;
          ended = true;
          line(`${name}: ${share()} in ${seconds()} s`);
          drawn.end();
        },
      };
    },
    close: eraseBars,
  };

  function drawBar(name: string, total: number): Task {
    bars ??= new MultiBar({
      stream,
      format: `{name} ${color.cyan("{bar}")} {percentage}% {duration_formatted}`,
      barCompleteChar: "━",
      barIncompleteChar: " ",
      clearOnComplete: true,
      gracefulExit: false, // Ctrl-C must end the process, not only the bars
    });
    const bar = bars.create(total, 0, { name: name.padEnd(24) });
    barCount++;
    return {
      advance: (steps = 1) => bar.increment(steps),
      end() {
        barCount--;
        if (barCount === 0) eraseBars();
        else bars?.remove(bar);
      },
    };
  }

  function eraseBars(): void {
    bars?.update(); // writes the pending lines
    bars?.stop();
    bars = null;
  }

  function writeLines(text: () => string): Task {
    let writtenAt = performance.now();
    return {
      advance() {
        if (performance.now() - writtenAt < msBetweenLines) return;
        writtenAt = performance.now();
        line(text());
      },
      end() {},
    };
  }
}
