import { z } from "zod";
import { systemClock } from "../../shared/clock.js";
import type { Report } from "../../shared/progress.js";
import type { CiSettings } from "./ciSettings.js";
import type { Outcome } from "./github.js";
import { type Github, type GithubReply, openGithub } from "./github.js";
import { withHttp } from "./servedSite.js";

const label = "outage";
/** Distinguishes the issue of the runs from other issues with the label. */
const title = "Hourly runs fail";

/** GitHub allows 65,536 characters; a long outage keeps its first failure and the latest ones. */
const longestBody = 30_000;

const Issues = z.array(
  z.object({
    number: z.number().int(),
    title: z.string(),
    body: z.string().nullable(),
    pull_request: z.unknown().optional().describe("present for pull requests, which GitHub lists as issues"),
  }),
);

/** Opens an issue for a new outage; adds a line to the issue of an ongoing one. */
export async function openOutage(settings: CiSettings, outcome: Outcome, report: Report): Promise<void> {
  await withIssues(settings, report, async (github) => {
    const line = `- ${isoMinute()}: ${outcome} ${settings.runUrl ?? ""}`.trimEnd();
    const [known] = await openIssues(github);
    if (known) {
      const body = shortened(`${known.body ?? ""}\n${line}`);
      expectStatus(await github.call("PATCH", `issues/${known.number}`, { body }), 200);
      report.info(`outage continues: updated issue #${known.number}`);
      return;
    }
    const body = `The last good site stays online. This issue closes when a run succeeds.\n\n${line}`;
    const reply = expectStatus(await github.call("POST", "issues", { title, body, labels: [label] }), 201);
    report.info(`outage: opened issue #${(reply.json as { number: number }).number}`);
  });
}

/** Closes the issue of the outage. */
export async function closeOutage(settings: CiSettings, report: Report): Promise<void> {
  await withIssues(settings, report, async (github) => {
    for (const { number } of await openIssues(github)) {
      const body = `Over: a run succeeded at ${isoMinute()}. ${settings.runUrl ?? ""}`.trimEnd();
      expectStatus(await github.call("POST", `issues/${number}/comments`, { body }), 201);
      expectStatus(await github.call("PATCH", `issues/${number}`, { state: "closed" }), 200);
      report.info(`the outage is over: closed issue #${number}`);
    }
  });
}

function shortened(body: string): string {
  const lines = body.split("\n");
  const firstFailure = lines.findIndex((line) => line.startsWith("- "));
  while (lines.join("\n").length > longestBody && lines.length > firstFailure + 2) lines.splice(firstFailure + 1, 1);
  return lines.join("\n");
}

class IssuesDisabledError extends Error {}

/** Issues are disabled in new forks; that is not a failure. */
async function withIssues(
  settings: CiSettings,
  report: Report,
  work: (github: Github) => Promise<void>,
): Promise<void> {
  try {
    await withHttp((http) => work(openGithub(settings, http)));
  } catch (error) {
    if (!(error instanceof IssuesDisabledError)) throw error;
    report.warn("issues are disabled in this repository: outages are not recorded");
  }
}

/** The open issues of earlier runs. */
async function openIssues(github: Github): Promise<z.infer<typeof Issues>> {
  const path = `issues?state=open&labels=${label}&per_page=100`;
  const labelled = Issues.parse(expectStatus(await github.call("GET", path), 200).json);
  return labelled.filter((issue) => issue.title === title && issue.pull_request === undefined);
}

function expectStatus(reply: GithubReply, status: number): GithubReply {
  if (reply.status === 410) throw new IssuesDisabledError();
  if (reply.status !== status) throw new Error(`GitHub answers with status ${reply.status} to an issue`);
  return reply;
}

function isoMinute(): string {
  return `${new Date(systemClock().now()).toISOString().slice(0, 16)}Z`;
}
