import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./temporaryFolder.js";

interface Issue {
  title: string;
  label: string;
  state: string;
  body: string;
  comments: string;
}

/** What runs tell GitHub by its command line, for which `bin/gh` stands in; and a webhook. */
export interface Github {
  /** Puts `gh` on the path. */
  env: Record<string, string>;
  /** What `gh` finds: the address of the site or the reason for none, and whether there are issues. */
  set(name: "pages" | "hasIssues", value: string | { html_url: string; cname: string | null }): void;
  issues(): Issue[];
  setIssue(issue: number, parts: Partial<Issue>): void;
  /** Lines of what was enabled, or of the tokens given. */
  lines(name: "enabled" | "tokens"): string[];
  webhook: string;
  webhookStatus: number;
  /** What the webhook was told. */
  told: unknown[];
  close(): void;
}

export async function startGithub(): Promise<Github> {
  const folder = await temporaryFolder();
  const read = (...path: string[]) => {
    const file = join(folder, ...path);
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd() : "";
  };
  const github: Github = {
    env: { PATH: `${fileURLToPath(new URL("bin/", import.meta.url))}:${process.env.PATH}`, GH_STAND_IN: folder },
    set: (name, value) => writeFileSync(join(folder, name), typeof value === "string" ? value : JSON.stringify(value)),
    issues: () =>
      readdirSync(join(folder, "issues")).map((number) => {
        const part = (name: string) => read("issues", number, name);
        const [title, label, state, body, comments] = ["title", "label", "state", "body", "comments"].map(part);
        return { title, label, state, body, comments } as Issue;
      }),
    setIssue(issue, parts) {
      const place = join(folder, "issues", String(issue));
      mkdirSync(place, { recursive: true });
      for (const [name, text] of Object.entries(parts)) writeFileSync(join(place, name), `${text}\n`);
    },
    lines: (name) => read(name).split("\n").filter(Boolean),
    webhook: "",
    webhookStatus: 200,
    told: [],
    close: () => void server.close(),
  };
  const server = createServer(async (request, response) => {
    github.told.push(JSON.parse(await text(request)));
    response.writeHead(github.webhookStatus).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  github.webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`;
  mkdirSync(join(folder, "issues"));
  github.set("pages", "Not Found (HTTP 404)");
  github.set("hasIssues", "true");
  return github;
}
