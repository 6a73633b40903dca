import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Http, openHttp } from "../../src/pipeline/http.js";
import { cutTo, hangUp, type LoopbackNoaa, startNoaa, status } from "../support/loopbackNoaa.js";

let noaa: LoopbackNoaa;
let http: Http;
let folder: string;
let to: string;
const text = "a line of data\n".repeat(5000);

beforeEach(async () => {
  noaa = await startNoaa();
  http = openHttp({ contact: "someone@example.org", retryDelayMs: 5, longestDelayMs: 1500, connectTimeoutMs: 300 });
  folder = mkdtempSync(join(tmpdir(), "isotherm-"));
  to = join(folder, "deep", "file.gz");
  noaa.files.set("a", text);
});
afterEach(async () => {
  await http.close();
  await noaa.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, known?: Parameters<Http["get"]>[2]) => http.get(`${noaa.url}${path}`, to, known);
const saved = () => gunzipSync(readFileSync(to)).toString();

describe("http", () => {
  it("saves a body as gzip, which it may already be, and says who asks", async () => {
    const answer = await get("a");
    expect(answer).toMatchObject({ outcome: "fetched", status: 200, bytes: text.length, asked: true });
    expect(saved()).toBe(text);
    expect(noaa.log[0]?.userAgent).toMatch(/^isotherm\/.*someone@example\.org/);
    noaa.files.set("a", gzipSync(text));
    await get("a");
    expect(saved()).toBe(text);
  });

  it("asks only whether a known version has changed", async () => {
    const { etag, lastModified } = await get("a");
    rmSync(to);
    expect(await get("a", { etag, lastModified })).toMatchObject({ outcome: "unchanged", status: 304, bytes: 0 });
    expect(existsSync(to)).toBe(false);
    noaa.files.set("a", "new");
    expect(await get("a", { etag, lastModified })).toMatchObject({ outcome: "fetched" });
    expect(saved()).toBe("new");
  });

  it("takes 404 for absence and other refusals for failure", async () => {
    expect(await get("b")).toMatchObject({ outcome: "absent", status: 404 });
    noaa.faults.set("a", [status(403)]);
    expect(await get("a")).toMatchObject({
      outcome: "failed",
      status: 403,
      unreachable: false,
      message: `${noaa.url}a: status 403`,
    });
    noaa.faults.set("a", [status(302, { location: "https://elsewhere.example/" })]);
    expect((await get("a")).message).toBe(`${noaa.url}a: status 302 to https://elsewhere.example/`);
  });

  it("tries again after a server's trouble", async () => {
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

  it("waits as long as it is told to", async () => {
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

  it("notices a body that ends early, and leaves nothing of it", async () => {
    noaa.faults.set("a", Array(9).fill(hangUp));
    expect(await get("a")).toMatchObject({ outcome: "failed" });
    expect(existsSync(to)).toBe(false);
    noaa.faults.delete("a");
    // Cut where the server did not announce a length: only the reader of the file can tell.
    noaa.faults.set("a", [cutTo(0.5)]);
    expect(await get("a")).toMatchObject({ outcome: "fetched", bytes: text.length / 2 });
  });

  it("asks a dead host nothing more", async () => {
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
