import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { terminalReport } from "../../src/shared/progress.js";

function recordedStream(isTTY: boolean) {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  stream.isTTY = isTTY;
  const chunks: string[] = [];
  stream.on("data", (chunk) => chunks.push(String(chunk)));
  return { stream, text: () => chunks.join("") };
}

test("without a terminal, progress is plain lines without escapes", () => {
  const { stream, text } = recordedStream(false);
  const report = terminalReport(stream);
  report.info("begins");
  report.warn("a gap");
  const task = report.task("fetch", 3, "stations");
  task.advance();
  task.advance(2);
  task.end();
  report.close();
  expect(text()).toMatch(/^begins\nwarning: a gap\nfetch: 3 of 3 stations in \d+\.\d s\n$/);
});

test("a task that ends early does not claim to be done", () => {
  const { stream, text } = recordedStream(false);
  const task = terminalReport(stream).task("fetch", 3);
  task.advance();
  task.end();
  expect(text()).toContain("fetch: 1 of 3");
});

test("a terminal gets a bar, and lines above it", () => {
  const { stream, text } = recordedStream(true);
  const report = terminalReport(stream);
  const task = report.task("learn", 2);
  task.advance(2);
  report.info("half way");
  task.end();
  report.close();
  expect(text()).toContain("learn");
  expect(text()).toContain("100%");
  expect(text()).toContain("half way");
});

test("a negative total is rejected", () => {
  expect(() => terminalReport(recordedStream(false).stream).task("fetch", Number.NaN)).toThrow("total of task fetch");
});
