import { z } from "zod";
import { systemClock } from "../../shared/clock.js";
import type { Report } from "../../shared/progress.js";
import type { CiSettings } from "./ciSettings.js";
import { callGithub } from "./github.js";
import type { Outcome } from "./workflowJob.js";

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
  await withIssues(report, async () => {
    const line = `- ${isoMinute()}: ${outcome} ${settings.runUrl ?? ""}`.trimEnd();
    const [known] = await openIssues(settings);
    if (known) {
      const body = shortened(`${known.body ?? ""}\n${line}`);
      await call(settings, "PATCH", `issues/${known.number}`, 200, { body });
      report.info(`outage continues: updated issue #${known.number}`);
      return;
    }
    const body = `The last good site stays online. This issue closes when a run succeeds.\n\n${line}`;
    const opened = (await call(settings, "POST", "issues", 201, { title, body, labels: [label] })) as {
      number: number;
    };
    report.info(`outage: opened issue #${opened.number}`);
  });
}

/** Closes the issue of the outage. */
export async function closeOutage(settings: CiSettings, report: Report): Promise<void> {
  await withIssues(report, async () => {
    for (const { number } of await openIssues(settings)) {
      const body = `Over: a run succeeded at ${isoMinute()}. ${settings.runUrl ?? ""}`.trimEnd();
      await call(settings, "POST", `issues/${number}/comments`, 201, { body });
      await call(settings, "PATCH", `issues/${number}`, 200, { state: "closed" });
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
async function withIssues(report: Report, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof IssuesDisabledError)) throw error;
    report.warn("issues are disabled in this repository: outages are not recorded");
  }
}

/** The open issues of earlier runs. */
async function openIssues(settings: CiSettings): Promise<z.infer<typeof Issues>> {
  const labelled = await call(settings, "GET", `issues?state=open&labels=${label}&per_page=100`, 200);
  return Issues.parse(labelled).filter((issue) => issue.title === title && issue.pull_request === undefined);
}

/** Calls GitHub about issues and returns the JSON of the reply. Throws when its status is not the expected one. */
async function call(
  settings: CiSettings,
  method: "GET" | "POST" | "PATCH",
  path: string,
  expected: number,
  body?: object,
): Promise<unknown> {
  const { status, json } = await callGithub(settings, method, path, body);
  if (status === 410) throw new IssuesDisabledError();
  if (status !== expected) throw new Error(`GitHub answers with status ${status} to an issue`);
  return json;
}

function isoMinute(): string {
  return `${new Date(systemClock().now()).toISOString().slice(0, 16)}Z`;
}
