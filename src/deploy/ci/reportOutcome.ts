import { sendOnce } from "../../data/http/http.js";
import type { Report } from "../../shared/progress.js";
import type { CiSettings } from "./ciSettings.js";
import { callGithub } from "./github.js";
import { closeOutage, openOutage } from "./outage.js";
import { findSite, servedStatus } from "./servedSite.js";
import { type JobResult, type Outcome, outcomeOf } from "./workflowJob.js";

/**
 * Reports the outcome of a run by an issue and to the webhook, and keeps the schedule enabled, which GitHub disables after
 * 60 days without a commit. Tries all three.
 * @throws with the message of each that failed
 */
export async function reportOutcome(
  settings: CiSettings,
  results: readonly JobResult[],
  report: Report,
): Promise<void> {
  const outcome = outcomeOf(results);
  const tasks: [string, () => Promise<void>][] = [
    ["issue", () => (outcome === "success" ? closeOutage(settings, report) : openOutage(settings, outcome, report))],
    ["schedule", () => enableSchedule(settings)],
    ["webhook", () => callWebhook(settings, outcome)],
  ];
  const failures: string[] = [];
  for (const [name, task] of tasks) {
    try {
      await task();
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

async function enableSchedule(settings: CiSettings): Promise<void> {
  const { status } = await callGithub(settings, "PUT", `actions/workflows/${settings.workflow}/enable`);
  if (status !== 204) throw new Error(`${settings.workflow} could not be enabled: status ${status}`);
}

const texts: Readonly<Record<Outcome, string>> = {
  success: "The site is up to date",
  timeout: "The run timed out or was cancelled; the last good site stays online",
  failure: "The run failed; the last good site stays online",
};

async function callWebhook(settings: CiSettings, outcome: Outcome): Promise<void> {
  const { webhook, webhookOn, repository, runUrl } = settings;
  if (webhook === null || !webhookOn.includes(outcome)) return;
  const site = await findSite(settings).catch(() => null);
  const status = site && (await servedStatus(site.url));
  const facts = [
    `isotherm, ${repository ?? "no repository"}: ${texts[outcome]}.`,
    status?.dataThrough && `Newest observation ${new Date(status.dataThrough).toISOString()}.`,
    site?.url,
    runUrl,
  ];
  const reply = await sendOnce(webhook, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: facts.filter(Boolean).join(" ") }),
  }).catch((error: Error) => {
    // The address is a secret, so messages must not contain it.
    throw new Error(error.message.replaceAll(webhook, "the webhook"));
  });
  if (reply.status < 200 || reply.status > 299) throw new Error(`the webhook returned status ${reply.status}`);
}
