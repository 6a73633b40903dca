import { createReadStream, statSync } from "node:fs";
import { type Dispatcher, errors, request } from "undici";
import { credentialsOf, withoutCredentials } from "./address.js";

export interface Message {
  method: "GET" | "PUT";
  headers?: Record<string, string>;
  body?: { file: string };
}

export interface Reply {
  status: number;
  text: string;
}

/** The largest reply, bytes. */
const longestReply = 1 << 24;

/**
 * Sends a message and reads the reply, whatever its status. A file is sent only once. Throws when there is no answer.
 */
export async function sendMessage(
  dispatcher: Dispatcher,
  url: string,
  { method, headers = {}, body }: Message,
  userAgent: string,
): Promise<Reply> {
  const options = {
    dispatcher,
    method,
    headers: {
      "user-agent": userAgent,
      ...credentialsOf(url),
      ...(body && { "content-length": String(statSync(body.file).size) }),
      ...headers,
    },
    body: body ? createReadStream(body.file) : null,
    ...(body && { retryOptions: { retry: (error: Error, _: unknown, done: (error: Error) => void) => done(error) } }),
  };
  try {
    const response = await request(withoutCredentials(url), options);
    return { status: response.statusCode, text: await read(response.body) };
  } catch (error) {
    if (error instanceof errors.RequestRetryError && error.statusCode > 0)
      return { status: error.statusCode, text: "" };
    const reason = error instanceof Error ? error.message || String(error.name) : String(error);
    throw new Error(`${method} ${withoutCredentials(url)}: ${reason}`, { cause: error });
  }
}

async function read(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > longestReply) throw new Error("the reply is larger than 16 MB");
  }
  return Buffer.concat(chunks).toString("utf8");
}
