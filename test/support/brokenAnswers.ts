import { gzipSync } from "node:zlib";
import { changed, cutTo, elsewhere, type Fault, hangUp, silence, stall, status, webPage } from "./loopbackNoaa.js";

let bomb: Buffer | undefined;
/** A megabyte that unpacks to more than the largest file. */
const madeBomb = () => (bomb ??= gzipSync(Buffer.alloc(257 << 20, "a"), { level: 1 }));

/** Answers of which nothing can be used, and what is recorded of them. */
export const brokenAnswers: readonly [string, Fault, RegExp][] = [
  ["trouble", status(500), /500/],
  ["refusals", status(403), /403/],
  ["a long wait", status(429, { "retry-after": "3600" }), /429/],
  ["silence", silence, /no complete answer|did not answer/i],
  ["a body that stops", stall, /Timeout|did not answer|terminated/i],
  ["a broken connection", hangUp, /the connection broke off/],
  ["a redirect to another host", elsewhere, /redirect to http:\/\/elsewhere.example\/data is not followed/],
  ["a web page", webPage, /is a web page, not data/],
  ["half a gzip", changed((body) => gzipSync(body).subarray(0, gzipSync(body).length / 2)), /gzip is cut off/],
  ["what unpacks to too much", changed(madeBomb), /is larger than (32|256) MB/],
  ["a body cut off", cutTo(0.503), /is cut off/],
  ["noise", changed(() => Buffer.from([0x80, 0xff, 0x00, 0xfe, 0x0a, 0x81])), /missing column|no JSON|is cut off/],
];
