import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request in place of the file; it is then forgotten. */
export type Fault = (request: IncomingMessage, response: ServerResponse, body: Buffer | null) => void;

export interface LoopbackNoaa {
  /** Base address, with a slash. */
  readonly url: string;
  /** What is served, by path without the leading slash. */
  readonly files: Map<string, string | Buffer>;
  /** What happens to the next requests of a path, one each; `*` for any path. */
  readonly faults: Map<string, Fault[]>;
  /** Every request so far, with its answer. */
  readonly log: { path: string; status: number; userAgent: string | undefined; time: number }[];
  close(): Promise<void>;
}

/** NOAA on the loopback interface: a tree of files with ETag and Last-Modified, and faults on demand. */
export async function startNoaa(): Promise<LoopbackNoaa> {
  const files: LoopbackNoaa["files"] = new Map();
  const faults: LoopbackNoaa["faults"] = new Map();
  const log: LoopbackNoaa["log"] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "/").slice(1));
    response.on("close", () =>
      log.push({
        path,
        status: response.statusCode,
        userAgent: request.headers["user-agent"],
        time: performance.now(),
      }),
    );
    const file = files.get(path);
    const body = file === undefined ? null : Buffer.from(file);
    const fault = faults.get(path)?.shift() ?? faults.get("*")?.shift();
    if (fault) fault(request, response, body);
    else serve(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    files,
    faults,
    log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function serve(request: IncomingMessage, response: ServerResponse, body: Buffer | null): void {
  if (body === null) {
    response.writeHead(404, { "content-type": "text/html" }).end("<html>Not Found</html>");
    return;
  }
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
  sendBody(request, response, body, { etag });
}

/** Sends a body as a file server does: 304 for a version known, 206 for a part asked for. */
export function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  headers: { etag: string; "last-modified"?: string },
): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (request.headers["if-none-match"] === headers.etag) response.writeHead(304, headers).end();
  else if (range) {
    const first = Number(range[1]);
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

/** Sends part of the file as if it were all. */
export function cutTo(share: number): Fault {
  return (_, response, body) => response.writeHead(200).end(body!.subarray(0, Math.floor(body!.length * share)));
}
