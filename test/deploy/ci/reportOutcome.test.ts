import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CiSettings, ciSettings } from "../../../src/deploy/ci/ciSettings.js";
import { reportOutcome } from "../../../src/deploy/ci/reportOutcome.js";
import { findSite } from "../../../src/deploy/ci/servedSite.js";
import type { JobResult } from "../../../src/deploy/ci/workflowJob.js";
import { outcomeOf } from "../../../src/deploy/ci/workflowJob.js";
import { deadServer } from "../../support/isotherm.js";
import { type LoopbackGithub, startGithub } from "../../support/loopbackGithub.js";

let github: LoopbackGithub;
let settings: CiSettings;
let lines: string[];

beforeEach(async () => {
  github = await startGithub();
  lines = [];
  settings = ciSettings({
    GITHUB_REPOSITORY: "octo/weather",
    GITHUB_API_URL: github.api.slice(0, -1),
    GITHUB_RUN_ID: "77",
    GITHUB_TOKEN: "secret",
    GITHUB_WORKFLOW_REF: "octo/weather/.github/workflows/hourly.yml@refs/heads/main",
    ISOTHERM_SITE: deadServer,
  });
});
afterEach(() => github.close());

const report = (...results: JobResult[]) => {
  const line = (message: string) => void lines.push(message);
  return reportOutcome(settings, results, { info: line, warn: line, task: () => ({ advance() {}, end() {} }) });
};

describe("an outage", () => {
  it("is one issue: the first failed run opens it, the first successful one closes it", async () => {
    await report("success", "skipped", "failure");
    await report("success", "skipped", "cancelled");
    expect(github.issues).toHaveLength(1);
    const [issue] = github.issues;
    expect(issue).toMatchObject({ state: "open", labels: ["outage"], title: "Hourly runs fail" });
    expect(issue!.body).toMatch(
      /\n- [-\dT:]+Z: failure \S+\/octo\/weather\/actions\/runs\/77\n- [-\dT:]+Z: timeout \S+$/,
    );
    await report("success", "skipped", "success");
    expect(issue).toMatchObject({ state: "closed", comments: [expect.stringMatching(/^Over: a run succeeded at /)] });
    await report("success", "skipped", "success");
    expect(github.issues).toHaveLength(1);
    await report("failure", "skipped", "skipped");
    expect(github.issues.map(({ state }) => state)).toEqual(["closed", "open"]);
    expect([...github.authorizations]).toEqual(["Bearer secret"]);
  });

  it("does not touch other issues and pull requests with the label", async () => {
    const others = ["Pages were down", "Hourly runs fail"].map((title, i) => ({
      ...{ number: i + 1, title, body: "ours", labels: ["outage"], state: "open" as const, comments: [] },
      ...(i === 1 ? { pull_request: {} } : {}),
    }));
    github.issues.push(...structuredClone(others));
    await report("failure");
    await report("success");
    expect(github.issues.slice(0, 2)).toEqual(others);
    expect(github.issues[2]).toMatchObject({ state: "closed", title: "Hourly runs fail" });
  });

  it("of weeks fits into its issue, which keeps the first failure and the latest", async () => {
    await report("failure");
    const [issue] = github.issues;
    const [first] = issue!.body.match(/^- .*$/m)!;
    const lines = Array.from({ length: 900 }, (_, i) => `- ${i} ${"x".repeat(90)}`);
    issue!.body = `${issue!.body}\n${lines.join("\n")}`;
    await report("cancelled");
    const body = issue!.body.split("\n");
    expect(issue!.body.length).toBeLessThan(40_000);
    expect(body.slice(2, 3)).toEqual([first]);
    expect(body.at(-2)).toBe(lines.at(-1));
    expect(body.at(-1)).toMatch(/: timeout /);
    expect(github.issues).toHaveLength(1);
  });

  it("is not recorded if issues are disabled, which is no failure", async () => {
    github.hasIssues = false;
    await report("failure");
    await report("success");
    expect(lines).toEqual(Array(2).fill(expect.stringContaining("issues are disabled")));
  });
});

describe("the schedule", () => {
  it("is kept enabled by every run, whatever its outcome", async () => {
    await report("success");
    await report("failure");
    expect(github.enabled).toEqual(["hourly.yml", "hourly.yml"]);
  });
});

describe("the webhook", () => {
  it("receives the outcome of the run and its links", async () => {
    settings = { ...settings, webhook: github.webhook };
    await report("success");
    await report("cancelled");
    await report("failure");
    expect(github.told).toEqual(
      ["The site is up to date", "The run timed out", "The run failed"].map((text) => ({
        text: expect.stringMatching(new RegExp(`^isotherm, octo/weather: .*${text}.*actions/runs/77$`)),
      })),
    );
  });

  it("receives only the chosen outcomes", async () => {
    settings = { ...settings, webhook: github.webhook, webhookOn: ["failure"] };
    await report("success");
    expect(github.told).toEqual([]);
  });

  it("that does not answer is an error without its address, after everything else is done", async () => {
    for (const webhook of [github.webhook, `${deadServer}secret`]) {
      github.webhookStatus = 404;
      settings = { ...settings, webhook };
      const failed = await report("failure").catch((error: Error) => error.message);
      expect(failed).toMatch(/^webhook: /);
      expect(failed).not.toContain("secret");
    }
    expect(github.issues).toHaveLength(1);
    expect(github.enabled).toHaveLength(2);
  });
});

describe("settings", () => {
  it("come from the environment; an invalid one is an error", () => {
    expect(settings).toMatchObject({
      ...{ repository: "octo/weather", workflow: "hourly.yml", coldStart: false },
      ...{ runUrl: "https://github.com/octo/weather/actions/runs/77", webhookOn: ["success", "timeout", "failure"] },
      remote: { url: "https://github.com/octo/weather.git" },
    });
    expect(ciSettings({ ISOTHERM_COLD_START: "true" }).coldStart).toBe(true);
    expect(ciSettings({ ISOTHERM_COLD_START: "false" }).coldStart).toBe(false);
    expect(() => ciSettings({ ISOTHERM_WEBHOOK_ON: "failure,always" })).toThrow("always is not one of");
  });

  it("leave the address of the site to GitHub", async () => {
    const asking = { ...settings, site: null };
    expect(await findSite(asking)).toBeNull();
    github.pages = { html_url: "https://octo.github.io/weather", cname: null };
    expect(await findSite(asking)).toEqual({ url: "https://octo.github.io/weather/", domain: null });
    github.pages = { html_url: "https://weather.example/", cname: "weather.example" };
    expect(await findSite(asking)).toEqual({ url: "https://weather.example/", domain: "weather.example" });
    await expect(findSite({ ...asking, repository: null })).rejects.toThrow("GITHUB_REPOSITORY");
    // The branch must keep the domain of a site that the settings name.
    const named = { ...settings, site: "https://proxy.example/weather/" };
    expect(await findSite(named)).toEqual({ url: named.site, domain: "weather.example" });
    github.mayReadPages = false;
    expect(await findSite(named)).toEqual({ url: named.site, domain: null });
    github.mayReadPages = true;
  });
});

it.each([
  [["success", "success", "success"], "success"],
  [["success", "skipped", "success"], "success"],
  [["success", "failure", "success"], "failure"],
  [["success", "cancelled", "skipped"], "timeout"],
  [["failure", "cancelled"], "failure"],
] as [JobResult[], string][])("jobs that end with %j make a %s", (results, outcome) => {
  expect(outcomeOf(results)).toBe(outcome);
});
