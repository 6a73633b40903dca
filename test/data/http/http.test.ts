import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Http, openHttp } from "../../../src/data/http/http.js";
import { readBytes } from "../../../src/data/http/readLines.js";
import { hourMs } from "../../../src/shared/time.js";
import { type Fault, type LoopbackNoaa, silence, startNoaa, status } from "../../support/loopbackNoaa.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

let noaa: LoopbackNoaa;
let http: Http;
let folder: string;
let to: string;
const text = "a line of data\n".repeat(5000);

beforeEach(async () => {
  noaa = await startNoaa();
  http = openHttp({ contact: "someone@example.org", retryDelayMs: 5, longestDelayMs: 1500, connectTimeoutMs: 300 });
  folder = await temporaryFolder();
  to = join(folder, "deep", "file.gz");
  noaa.files.set("a", text);
});
afterEach(async () => {
  await http.close();
  await noaa.close();
});

const get = (path: string, known?: Parameters<Http["get"]>[2]) => http.get(`${noaa.url}${path}`, to, known);
const saved = () => gunzipSync(readFileSync(to)).toString();

describe("http", () => {
  it("saves a body as gzip, compressed or not, and sends a User-Agent", async () => {
    const answer = await get("a");
    expect(answer).toMatchObject({ outcome: "fetched", status: 200, bytes: text.length, asked: true });
    expect(saved()).toBe(text);
    expect(noaa.log[0]?.userAgent).toMatch(/^isotherm\/.*someone@example\.org/);
    noaa.files.set("a", gzipSync(text));
    await get("a");
    expect(saved()).toBe(text);
  });

  it("requests only whether a known version has changed", async () => {
    const { etag, lastModified } = await get("a");
    rmSync(to);
    expect(await get("a", { etag, lastModified })).toMatchObject({ outcome: "unchanged", status: 304, bytes: 0 });
    expect(existsSync(to)).toBe(false);
    noaa.files.set("a", "new");
    expect(await get("a", { etag, lastModified })).toMatchObject({ outcome: "fetched" });
    expect(saved()).toBe("new");
  });

  it("treats 404 as absent and other client errors as failed", async () => {
    expect(await get("b")).toMatchObject({ outcome: "absent", status: 404 });
    noaa.faults.set("a", [status(403)]);
    expect(await get("a")).toMatchObject({
      outcome: "failed",
      status: 403,
      unreachable: false,
      message: `${noaa.url}a: status 403`,
    });
    noaa.faults.set("a", [status(302, { location: "https://elsewhere.example/" })]);
    expect((await get("a")).message).toBe(
      `${noaa.url}a: redirect to https://elsewhere.example/ is not followed (status 302)`,
    );
  });

  it("follows a limited number of redirects within the host", async () => {
    noaa.faults.set("old", [status(301, { location: "/a" })]);
    expect(await get("old")).toMatchObject({ outcome: "fetched", url: `${noaa.url}a` });
    noaa.faults.set("round", Array(9).fill(status(302, { location: "round" })));
    expect(await get("round")).toMatchObject({ outcome: "failed", status: 302 });
    expect(noaa.log.filter(({ path }) => path === "round")).toHaveLength(4);
  });

  it("downloads a part of a file, or the whole from a server without range requests", async () => {
    const range = (bytes: string) => http.get(`${noaa.url}a`, to, undefined, bytes);
    expect(await range("0-14")).toMatchObject({ bytes: 15, part: { first: 0, last: 14, total: text.length } });
    expect(saved()).toBe("a line of data\n");
    expect(await range(`${text.length - 5}-`)).toMatchObject({ bytes: 5, part: { last: text.length - 1 } });
    noaa.faults.set("a", [(_, response, body) => response.writeHead(200).end(body)]);
    expect(await range("0-14")).toMatchObject({ outcome: "fetched", status: 200, part: null, bytes: text.length });
    const { etag, lastModified } = await get("a");
    expect(await http.get(`${noaa.url}a`, to, { etag, lastModified }, "0-14")).toMatchObject({ outcome: "unchanged" });
  });

  describe("with a compressed body", () => {
    const packed = (body: Buffer | string, encoding?: string): Fault => {
      const headers = encoding ? { "content-encoding": encoding } : {};
      return (_, response) => response.writeHead(200, headers).end(body);
    };
    const read = async (path: string) => {
      const chunks: Buffer[] = [];
      for await (const chunk of readBytes(path, "a")) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    };

    it.each([
      ["gzip under its name", packed(gzipSync(text), "gzip")],
      ["gzip under none", packed(gzipSync(text))],
      ["gzip called identity", packed(gzipSync(text), "identity")],
      ["gzip called br", packed(gzipSync(text), "br")],
      ["gzip within gzip", packed(gzipSync(gzipSync(text)), "gzip")],
      ["text called gzip", packed(text, "gzip")],
      ["deflate", packed(deflateSync(text), "deflate")],
      ["deflate without header", packed(deflateRawSync(text), "deflate")],
      ["br", packed(brotliCompressSync(text), "br")],
      ["br over gzip", packed(brotliCompressSync(gzipSync(text)), "gzip, br")],
      ["gzip in two members", packed(Buffer.concat([gzipSync(text.slice(0, 500)), gzipSync(text.slice(500))]))],
      ["gzip filled up with zeros", packed(Buffer.concat([gzipSync(text), Buffer.alloc(99)]), "gzip")],
      [
        "gzip that comes byte by byte",
        async (_, response) => {
          response.writeHead(200);
          const body = gzipSync(text);
          for (const byte of [body.subarray(0, 1), body.subarray(1, 2), body.subarray(2)]) {
            response.write(byte);
            await setTimeout(20);
          }
          response.end();
        },
      ] as [string, Fault],
    ])("reads %s", async (_, fault) => {
      noaa.faults.set("a", [fault]);
      expect(await get("a")).toMatchObject({ outcome: "fetched", message: null });
      expect(await read(to)).toBe(text);
    });

    const bomb = Buffer.alloc(3 << 20, "a");
    it.each([
      ["br that is cut off", packed(brotliCompressSync(text).subarray(0, 20), "br"), "is incomplete, or not br"],
      ["text called br", packed(text, "br"), "is incomplete, or not br"],
      ["text called deflate", packed(text, "deflate"), "is incomplete, or not deflate"],
      ["what it can't unpack", packed(text, "zstd"), "has the content encoding zstd, which is not supported"],
      ["br that unpacks to too much", packed(brotliCompressSync(bomb), "br"), "is larger than 1 MB"],
      ["too much", packed(bomb), "is larger than 1 MB"],
    ])("rejects %s, keeps no part of it, and does not blame the host", async (_, fault, reason) => {
      const small = openHttp({ contact: null, largestBytes: 1 << 20 });
      for (let times = 0; times < 3; times++) {
        noaa.faults.set("a", [fault]);
        expect(await small.get(`${noaa.url}a`, to)).toMatchObject({
          outcome: "failed",
          status: 200,
          unreachable: false,
          message: `${noaa.url}a: ${reason}`,
        });
      }
      await small.close();
      expect(readdirSync(dirname(to))).toEqual([]);
    });
  });

  it("does not blame the host for a file that can't be written", async () => {
    writeFileSync(join(folder, "deep"), "");
    for (let times = 0; times < 3; times++) {
      expect(await get("a")).toMatchObject({
        outcome: "failed",
        status: 200,
        unreachable: false,
        message: expect.stringMatching(/a: can't be stored: (ENOTDIR|EEXIST)/),
      });
    }
  });

  it("requests the whole file when the answer does not match the request", async () => {
    const part: Fault = (_, response) =>
      response.writeHead(206, { "content-range": `bytes 0-3/${text.length}` }).end("a li");
    const packed: Fault = (_, response) =>
      response.writeHead(206, { "content-range": "bytes 0-14/99", "content-encoding": "gzip" }).end(text.slice(0, 15));
    const mismatches: [Fault, Parameters<Http["get"]>[2], string?][] = [
      ...[status(304), part].map((fault) => [fault, undefined] as [Fault, undefined]),
      ...[status(304), status(416), part, packed].map(
        (fault) => [fault, undefined, "0-14"] as [Fault, undefined, string],
      ),
      [status(416), { etag: '"x"', lastModified: null }, "90-"],
    ];
    for (const [fault, known, range] of mismatches) {
      noaa.faults.set("a", [fault]);
      const since = noaa.log.length;
      expect(await http.get(`${noaa.url}a`, to, known, range)).toMatchObject({
        outcome: "fetched",
        status: 200,
        part: null,
      });
      expect(saved()).toBe(text);
      expect(noaa.log.slice(since)).toMatchObject([{ isFault: true }, { status: 200, range: undefined }]);
    }
    noaa.faults.set("a", [part, part]);
    expect(await get("a")).toMatchObject({
      outcome: "failed",
      message: `${noaa.url}a: is a part (206), though the whole file was requested`,
    });
    expect(existsSync(to)).toBe(false);
  });

  it("reports how far the server's clock is ahead", async () => {
    const date = new Date(Date.now() + hourMs).toUTCString();
    noaa.faults.set("a", [(_, response, body) => response.writeHead(200, { date }).end(body)]);
    expect(Math.abs((await get("a")).aheadSeconds! - 3600)).toBeLessThan(60);
    expect(Math.abs((await get("a")).aheadSeconds!)).toBeLessThan(60);
  });

  it("gives up on a host that asks for too long a wait, and on all hosts once the time is used up", async () => {
    noaa.faults.set("a", [status(429, { "retry-after": "3600" })]);
    expect(await get("a")).toMatchObject({ outcome: "failed", status: 429 });
    expect(await get("a")).toMatchObject({ outcome: "failed", asked: false });
    expect(noaa.log).toHaveLength(1);

    const hurried = openHttp({ contact: null, budgetMs: 300 });
    noaa.faults.set("slow", [() => {}]);
    const start = performance.now();
    expect(await hurried.get(`${noaa.url}slow`, to)).toMatchObject({
      outcome: "failed",
      message: `${noaa.url}slow: the time for requests is used up`,
    });
    expect(await hurried.get(`${noaa.url}a`, to)).toMatchObject({ outcome: "failed", asked: false });
    expect(performance.now() - start).toBeLessThan(2000);
    await hurried.close();
  });

  it("requests only twice from a silent host", async () => {
    const impatient = openHttp({ contact: null, retryDelayMs: 5, idleTimeoutMs: 200 });
    noaa.fault = () => silence;
    expect(await impatient.get(`${noaa.url}a`, to)).toMatchObject({
      outcome: "failed",
      status: null,
      unreachable: true,
      message: expect.stringContaining("did not answer for"),
    });
    expect(await impatient.get(`${noaa.url}b`, to)).toMatchObject({
      asked: false,
      message: expect.stringMatching(/^127.0.0.1:\d+ did not answer earlier requests$/),
    });
    await impatient.close();
    await vi.waitFor(() => expect(noaa.log).toHaveLength(2));
  }, 10_000);

  it("gives up on a body that comes too slowly", async () => {
    const impatient = openHttp({ contact: null, answerTimeoutMs: 400 });
    noaa.faults.set("a", [
      (_, response) => {
        response.writeHead(200);
        const drops = setInterval(() => response.write("a line"), 20);
        response.on("close", () => clearInterval(drops));
      },
    ]);
    const start = performance.now();
    expect(await impatient.get(`${noaa.url}a`, to)).toMatchObject({
      outcome: "failed",
      unreachable: true,
      message: `${noaa.url}a: no complete answer within 0.4 s`,
    });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(existsSync(to)).toBe(false);
    await impatient.close();
  });

  it("respects the rate limit of a host", async () => {
    const host = new URL(noaa.url).host;
    const slow = openHttp({ contact: null, ratesPerMinute: { [host]: 2 }, budgetMs: 500 });
    const answers = await Promise.all(["a", "a", "a"].map((path, i) => slow.get(`${noaa.url}${path}`, `${to}${i}`)));
    expect(answers.map(({ outcome }) => outcome)).toEqual(["fetched", "fetched", "failed"]);
    expect(noaa.log).toHaveLength(2);
    await slow.close();
  });

  it("retries after a server error", async () => {
    noaa.faults.set("a", [status(500), status(503)]);
    expect(await get("a")).toMatchObject({ outcome: "fetched", status: 200 });
    expect(saved()).toBe(text);
    expect(noaa.log.map((entry) => entry.status)).toEqual([500, 503, 200]);
  });

  it("gives up after four tries", async () => {
    noaa.faults.set("a", Array(9).fill(status(500)));
    expect(await get("a")).toMatchObject({ outcome: "failed", status: 500, unreachable: true });
    expect(noaa.log).toHaveLength(4);
  });

  it("waits as long as Retry-After says", async () => {
    noaa.faults.set("a", [status(429, { "retry-after": "1" })]);
    const start = performance.now();
    expect(await get("a")).toMatchObject({ outcome: "fetched" });
    expect(performance.now() - start).toBeGreaterThan(950);
    const date = "Wed, 21 Oct 2015 07:28:00 GMT";
    noaa.faults.set("a", [status(503, { date, "retry-after": "Wed, 21 Oct 2015 07:28:01 GMT" })]);
    const again = performance.now();
    expect(await get("a")).toMatchObject({ outcome: "fetched" });
    expect(performance.now() - again).toBeGreaterThan(950);
  });

  it("stops asking a host with server errors, but not after two files", async () => {
    noaa.fault = (path) => (path === "a" ? undefined : status(500));
    const asked = async (paths: string[]) => {
      const answers: boolean[] = [];
      for (const path of paths) answers.push((await get(path)).asked);
      return answers;
    };
    expect(await asked(["b", "c", "a", "d", "e", "f", "g", "h", "i"])).not.toContain(false);
    expect(await asked(["j", "a"])).toEqual([false, false]);
    expect(noaa.log).toHaveLength(8 * 4 + 1);
  });

  it("stops asking a host that answers 429 twice", async () => {
    noaa.fault = () => status(429);
    expect((await get("a")).asked).toBe(true);
    expect((await get("b")).asked).toBe(true);
    expect(await get("c")).toMatchObject({ outcome: "failed", asked: false });
  });

  it("stops asking a dead host", async () => {
    const dead = await startNoaa();
    await dead.close();
    const first = await http.get(`${dead.url}a`, to);
    expect(first).toMatchObject({ outcome: "failed", status: null, unreachable: true, asked: true });
    await http.get(`${dead.url}b`, to);
    const start = performance.now();
    expect(await http.get(`${dead.url}c`, to)).toMatchObject({ outcome: "failed", unreachable: true, asked: false });
    expect(performance.now() - start).toBeLessThan(50);
    expect(await get("a")).toMatchObject({ outcome: "fetched" });
  });
});
