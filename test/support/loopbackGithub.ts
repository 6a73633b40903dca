import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Issue {
  number: number;
  title: string;
  body: string;
  labels: string[];
  state: "open" | "closed";
  comments: string[];
  /** There for pull requests only. */
  pull_request?: object;
}

/** So much of GitHub's REST API as runs use, on the loopback interface; and a webhook. */
export interface LoopbackGithub {
  /** Base address of the API, with a slash. */
  api: string;
  webhook: string;
  issues: Issue[];
  hasIssues: boolean;
  /** Null when Pages is not switched on. */
  pages: { html_url: string; cname: string | null } | null;
  /** Whether the token may ask for them. */
  mayReadPages: boolean;
  enabled: string[];
  /** What the webhook was told. */
  told: unknown[];
  webhookStatus: number;
  /** Of the requests to the API. */
  authorizations: Set<string | undefined>;
  close(): Promise<void>;
}

export async function startGithub(): Promise<LoopbackGithub> {
  const github: LoopbackGithub = {
    ...{
      api: "",
      webhook: "",
      issues: [],
      hasIssues: true,
      pages: null,
      mayReadPages: true,
      enabled: [],
      told: [],
      webhookStatus: 200,
    },
    authorizations: new Set(),
    close: async () => undefined,
  };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { pathname, searchParams } = new URL(request.url!, "http://github");
    const answer = (status: number, json?: unknown) =>
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(json === undefined ? "" : JSON.stringify(json));
    if (pathname === "/webhook/secret") {
      github.told.push(JSON.parse(body));
      return answer(github.webhookStatus);
    }
    github.authorizations.add(request.headers.authorization);
    const path = /^\/api\/repos\/octo\/weather\/(.*)$/.exec(pathname)?.[1] ?? "";
    const issueOf = (pattern: RegExp) => github.issues.find(({ number }) => number === Number(pattern.exec(path)?.[1]));
    const sent = body ? (JSON.parse(body) as Partial<Issue> & { body: string }) : { body: "" };
    const route = `${request.method} ${path}`;
    const enable = /^PUT actions\/workflows\/([^/]+)\/enable$/.exec(route);
    if (route === "GET pages" && !github.mayReadPages) {
      return answer(403, { message: "Resource not accessible by integration" });
    }
    if (route === "GET pages") return github.pages ? answer(200, github.pages) : answer(404, { message: "Not Found" });
    if (enable) {
      github.enabled.push(enable[1]!);
      return answer(204);
    }
    if (!path.startsWith("issues")) return answer(404, { message: "Not Found" });
    if (!github.hasIssues) return answer(410, { message: "Issues are disabled for this repo" });
    if (route === "GET issues") {
      const label = searchParams.get("labels")!;
      return answer(
        200,
        github.issues.filter(({ state, labels }) => state === searchParams.get("state") && labels.includes(label)),
      );
    }
    if (route === "POST issues") {
      const issue = { labels: [], title: "", ...sent, number: github.issues.length + 1, comments: [], state: "open" };
      github.issues.push(issue as Issue);
      return answer(201, issue);
    }
    const commented = issueOf(/^issues\/(\d+)\/comments$/);
    if (request.method === "POST" && commented) {
      commented.comments.push(sent.body);
      return answer(201, {});
    }
    const changed = issueOf(/^issues\/(\d+)$/);
    if (request.method === "PATCH" && (sent.body ?? "").length > 65_536) {
      return answer(422, { message: "Validation Failed" });
    }
    if (request.method === "PATCH" && changed) return answer(200, Object.assign(changed, sent));
    return answer(404, { message: "Not Found" });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  github.api = `${base}api/`;
  github.webhook = `${base}webhook/secret`;
  github.close = () =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return github;
}
