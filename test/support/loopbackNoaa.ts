import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Answers one request in place of the file; it is then forgotten. */
export type Fault = (request: IncomingMessage, response: ServerResponse, body: Buffer | null) => void;

export interface LoggedRequest {
  path: string;
  status: number;
  userAgent: string | undefined;
  range: string | undefined;
  /** Of the version sent. */
  etag: string | undefined;
  /** Whether it was answered by a fault. */
  isFault: boolean;
  time: number;
}

/** What a service answers: a body and its headers, a status without one; null for the files. */
export type Service = (
  path: string,
) => { body: Buffer; headers: { etag: string; "last-modified"?: string } } | { status: number } | null;

export interface LoopbackNoaa {
  /** Base address, with a slash. */
  readonly url: string;
  /** Addresses under which the same is served as if by three hosts. */
  readonly hosts: readonly [string, string, string];
  /** What is served, by path without the leading slash. */
  readonly files: Map<string, string | Buffer>;
  /** What happens to the next requests of a path, one each; `*` for any path. */
  readonly faults: Map<string, Fault[]>;
  /** What else happens to a request, by chance say; asked after `faults`. */
  fault: (path: string) => Fault | undefined;
  /** So far is the servers' clock ahead of this machine's, milliseconds; behind where negative. */
  clockAheadMs: number;
  /** Every request so far, with its answer. */
  readonly log: LoggedRequest[];
  /** Lets these of the hosts refuse every connection, as a dead one does, and the others answer. */
  refuse(hosts: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** NOAA on the loopback interface: a tree of files with ETag and Last-Modified, and faults on demand. */
export async function startNoaa(service: Service = () => null): Promise<LoopbackNoaa> {
  const files: LoopbackNoaa["files"] = new Map();
  const faults: LoopbackNoaa["faults"] = new Map();
  const log: LoopbackNoaa["log"] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const path = decodeURIComponent((request.url ?? "/").slice(1));
    response.setHeader("date", new Date(Date.now() + noaa.clockAheadMs).toUTCString());
    const fault = faults.get(path)?.shift() ?? faults.get("*")?.shift() ?? noaa.fault(path);
    response.on("close", () =>
      log.push({
        path,
        status: response.statusCode,
        userAgent: request.headers["user-agent"],
        range: request.headers.range,
        etag: response.getHeader("etag")?.toString(),
        isFault: fault !== undefined,
        time: performance.now(),
      }),
    );
    const file = files.get(path);
    const served = file === undefined ? service(path) : null;
    const body = served && "body" in served ? served.body : file === undefined ? null : Buffer.from(file);
    if (fault) fault(request, response, body);
    else if (served && "body" in served) sendBody(request, response, served.body, served.headers);
    else if (served) response.writeHead(served.status).end();
    else serve(request, response, body);
  };
  const servers = [createServer(answer), createServer(answer), createServer(answer)];
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hosts = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const noaa: LoopbackNoaa = {
    url: hosts[0]!,
    hosts: hosts as [string, string, string],
    files,
    faults,
    fault: () => undefined,
    clockAheadMs: 0,
    log,
    async refuse(refusing) {
      const isWanted = (i: number) => !refusing.includes(hosts[i]!);
      for (const [i, server] of servers.entries()) {
        if (server.listening && !isWanted(i)) await stop(server);
        else if (!server.listening && isWanted(i)) await listenAgain(server, Number(new URL(hosts[i]!).port));
      }
    },
    async close() {
      await Promise.all(servers.map(stop));
    },
  };
  return noaa;
}

async function stop(server: Server): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await ended;
}

/** Waits for its port where another process has taken it meanwhile. */
async function listenAgain(server: Server, port: number): Promise<void> {
  for (;;) {
    try {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      await delay(20);
    }
  }
}

function serve(request: IncomingMessage, response: ServerResponse, body: Buffer | null): void {
  if (body === null) {
    response.writeHead(404, { "content-type": "text/html" }).end("<html>Not Found</html>");
    return;
  }
  sendBody(request, response, body, { etag: etagOf(body) });
}

export function etagOf(body: Buffer): string {
  return `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
}

/** Sends a body as a file server does: 304 for a version known, 206 for a part asked for, 416 for one beyond the end. */
export function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  headers: { etag: string; "last-modified"?: string },
): void {
  response.setHeader("etag", headers.etag);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (request.headers["if-none-match"] === headers.etag) response.writeHead(304, headers).end();
  else if (range) {
    const first = Number(range[1]);
    if (first >= body.length) {
      response.writeHead(416, { "content-range": `bytes */${body.length}` }).end();
      return;
    }
    const last = Math.min(body.length - 1, range[2] ? Number(range[2]) : Number.POSITIVE_INFINITY);
    const part = body.subarray(first, last + 1);
    const total = { "content-range": `bytes ${first}-${last}/${body.length}`, "content-length": part.length };
    response.writeHead(206, { ...headers, ...total }).end(part);
  } else response.writeHead(200, { ...headers, "content-length": body.length }).end(body);
}

/** Answers with a status, and no data. */
export function status(code: number, headers: Record<string, string> = {}): Fault {
  return (_, response) => response.writeHead(code, headers).end("trouble");
}

/** A web page where data was expected, with status 200. */
export const webPage: Fault = (_, response) =>
  response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Maintenance</title>\n");

/** Announces the whole file, sends half of it and hangs up. */
export const hangUp: Fault = (_, response, body) => {
  response.writeHead(200, { "content-length": body!.length });
  response.write(body!.subarray(0, body!.length / 2), () => response.destroy());
};

/** Serves part of the file as if it were all. */
export function cutTo(share: number): Fault {
  return changed((body) => body.subarray(0, Math.floor(body.length * share)));
}

/** Serves something else in place of the body, as if it were a version of it: whole or in parts. */
export function changed(change: (body: Buffer) => string | Buffer): Fault {
  return (request, response, body) => {
    const other = Buffer.from(change(body ?? Buffer.alloc(0)));
    sendBody(request, response, other, { etag: etagOf(other) });
  };
}

/** Sends the body with a clock so many milliseconds ahead of this machine's; behind where negative. */
export function dated(aheadMs: number): Fault {
  return (_, response, body) => {
    response.setHeader("date", new Date(Date.now() + aheadMs).toUTCString());
    response.writeHead(body === null ? 404 : 200).end(body ?? "");
  };
}

/** Never answers. */
export const silence: Fault = () => {};

/** Sends the headers and a little, and then nothing more. */
export const stall: Fault = (_, response, body) => {
  response.writeHead(200);
  response.write((body ?? Buffer.from("[")).subarray(0, 100));
};

/** To another host, which is not to be followed. */
export const elsewhere: Fault = status(302, { location: "http://elsewhere.example/data" });
