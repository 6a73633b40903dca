import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { etagOf, sendBody } from "./loopbackNoaa.js";

/** Objects that are put and got by their path, on the loopback interface. */
export interface ObjectStore {
  /** Base address, with a slash. */
  url: string;
  /** By path without the leading slash. */
  objects: Map<string, Buffer>;
  /** `Authorization` that every request must have; none if null. */
  authorization: string | null;
  /** Answered to every GET, whatever is there. */
  trouble: number | null;
  /** Method and address of each request, its query too. */
  log: string[];
  close(): Promise<void>;
}

export async function startObjectStore(): Promise<ObjectStore> {
  const store: ObjectStore = {
    url: "",
    objects: new Map(),
    authorization: null,
    trouble: null,
    log: [],
    close: async () => undefined,
  };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    store.log.push(`${request.method} ${request.url}`);
    const answer = (status: number) => response.writeHead(status).end();
    const path = new URL(request.url!, "http://store").pathname.slice(1);
    if (store.authorization !== null && request.headers.authorization !== store.authorization) return answer(401);
    if (request.method === "PUT") {
      store.objects.set(path, body);
      return answer(201);
    }
    if (store.trouble !== null) return answer(store.trouble);
    const object = store.objects.get(path);
    if (!object) return answer(404);
    sendBody(request, response, object, { etag: etagOf(object) });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  store.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  store.close = () =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return store;
}
