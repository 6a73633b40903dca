import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import sirv from "sirv";

/** Serves a built site as a host does that lets browsers keep code and fonts, whose addresses change with them. */
export async function serveCached(dir: string): Promise<{ url: string; close(): Promise<void> }> {
  const files = sirv(dir, {
    extensions: ["html"],
    setHeaders: (response, path) => {
      const isKept = /^\/(_import|_node|_observablehq|fonts)\//.test(path);
      response.setHeader("cache-control", isKept ? "max-age=3600, immutable" : "no-store");
    },
  });
  const server = createServer((request, response) => {
    files(request, response, () => void response.writeHead(404).end());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
