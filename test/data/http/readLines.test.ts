import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readBytes, readLines, readText } from "../../../src/data/http/readLines.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

async function fileOf(content: string | Buffer): Promise<string> {
  const path = join(await temporaryFolder(), "file");
  writeFileSync(path, content);
  return path;
}

async function linesOf(content: string | Buffer): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(await fileOf(content), "a.psv")) lines.push(line);
  return lines;
}

const megabyte = 1 << 20;

describe("readLines", () => {
  it("reads plain and compressed files with any line endings", async () => {
    const text = "one\r\ntwo\n\nZ\u00fcrich";
    for (const content of [text, gzipSync(text), gzipSync(gzipSync(gzipSync(text)))]) {
      expect(await linesOf(content)).toEqual(["one", "two", "", "Z\u00fcrich"]);
    }
    expect(await linesOf("")).toEqual([]);
    expect(await linesOf(gzipSync(""))).toEqual([]);
    expect(await linesOf("\u001f")).toEqual(["\u001f"]);
  });

  it("shows that a file ends within a character", async () => {
    expect(await linesOf(Buffer.from("one\n\u00fc").subarray(0, 5))).toEqual(["one", "\ufffd"]);
  });

  it("shortens a line that is too long and reads the others", async () => {
    const text = `one\n${"x".repeat(5 * megabyte)}\r\ntwo\n${"y".repeat(megabyte)}\nthree`;
    expect(await linesOf(text)).toEqual(["one", "x".repeat(200), "two", "y".repeat(megabyte), "three"]);
  });

  it("stops at a file that is too large when unpacked, in time proportional to its size", async () => {
    const bomb = gzipSync(Buffer.alloc(257 * megabyte, "a"), { level: 1 });
    const start = performance.now();
    await expect(linesOf(gzipSync(bomb))).rejects.toThrow("a.psv: is larger than 256 MB");
    // A line that was copied with each piece of it would take minutes.
    expect(performance.now() - start).toBeLessThan(30_000);
  }, 60_000);

  it("rejects a file that is cut off, damaged, or compressed too many times", async () => {
    const whole = gzipSync("a line\n".repeat(9999));
    const damaged = Buffer.from(whole);
    damaged[whole.length >> 1]! ^= 0xff;
    const followed = Buffer.concat([whole, Buffer.from("<html>")]);
    for (const content of [whole.subarray(0, whole.length - 9), damaged, whole.subarray(0, 2), followed]) {
      await expect(linesOf(content)).rejects.toThrow(/^a.psv: gzip is cut off or damaged after line \d+$/);
    }
    const often = gzipSync(gzipSync(gzipSync(gzipSync("x"))));
    await expect(linesOf(often)).rejects.toThrow("a.psv: is gzip within gzip, more than 3 times");
  });
});

describe("readText", () => {
  it("stops at a file that is too large, compressed or not", async () => {
    for (const content of ["x".repeat(megabyte + 1), gzipSync("x".repeat(megabyte + 1))]) {
      await expect(readText(await fileOf(content), "a.json", megabyte)).rejects.toThrow("a.json: is larger than 1 MB");
    }
  });
});

describe("readBytes", () => {
  it("closes the file when its reader stops early", async () => {
    const path = await fileOf(gzipSync("x".repeat(megabyte)));
    const openFiles = () => readdirSync("/dev/fd").length;
    const before = openFiles();
    for (let times = 0; times < 100; times++) {
      for await (const _ of readBytes(path, "a")) break;
    }
    await expect.poll(openFiles).toBeLessThan(before + 10);
  });
});
