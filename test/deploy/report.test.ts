import { appendFileSync } from "node:fs";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Github, startGithub } from "../support/github.js";
import { deadServer } from "../support/isotherm.js";
import { runInShell, runWorkflow, type WorkflowRun } from "../support/workflowRunner.js";

// The job `report` of hourly.yml itself, after runs whose commands do nothing.

let github: Github;
beforeEach(async () => {
  github = await startGithub();
  onTestFinished(() => github.close());
});

/** What `ci due` finds. */
const outputs = ["due=true", "site=https://a.example/", "observed=2026-03-09T18:00:00.000Z"];

type Outcome = "success" | "failure" | "cancelled";

interface Settings {
  webhook?: string;
  webhookOn?: string;
}

async function run(outcome: Outcome, { webhook = "", webhookOn }: Settings = {}): Promise<WorkflowRun> {
  return runWorkflow(
    "hourly.yml",
    {
      vars: webhookOn === undefined ? {} : { ISOTHERM_WEBHOOK_ON: webhookOn },
      secrets: { ISOTHERM_WEBHOOK: webhook },
      env: github.env,
      async run(command, machine, env) {
        if (!command.startsWith("npm run isotherm -- ")) return runInShell(command, machine, env);
        if (command.endsWith("ci due")) appendFileSync(env.GITHUB_OUTPUT!, `${outputs.join("\n")}\n`);
        const code = { success: 0, failure: 1, cancelled: null }[outcome];
        return { code: command.endsWith(" update") ? code : 0, printed: "" };
      },
    },
    { name: "schedule" },
  );
}

const report = async (outcome: Outcome, settings?: Settings) => (await run(outcome, settings)).results.report;

describe("an outage", () => {
  it("is one issue: the first failed run opens it, the first successful one closes it", async () => {
    expect(await report("failure")).toBe("success");
    expect(await report("cancelled")).toBe("success");
    const [issue, ...others] = github.issues();
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ state: "open", label: "outage", title: "Hourly runs fail" });
    expect(issue!.body).toMatch(
      /\n\n- [-\dT:]+Z: failure \S+\/octo\/weather\/actions\/runs\/1\n- [-\dT:]+Z: timeout \S+$/,
    );
    await report("success");
    const over = { state: "closed", comments: expect.stringMatching(/^Over: a run succeeded at \S+Z\. http\S+$/) };
    expect(github.issues()).toMatchObject([over]);
    await report("success");
    expect(github.issues()).toMatchObject([over]);
    await report("failure");
    expect(github.issues().map(({ state }) => state)).toEqual(["closed", "open"]);
    expect(new Set(github.lines("tokens"))).toEqual(new Set(["token of the run"]));
  });

  it("does not touch other issues with the label", async () => {
    const other = { title: "Pages were down", label: "outage", state: "open", body: "ours", comments: "" };
    github.setIssue(1, other);
    await report("failure");
    await report("success");
    expect(github.issues()).toMatchObject([other, { title: "Hourly runs fail", state: "closed" }]);
  });

  it("of weeks fits into its issue, which keeps the first failure and the latest", async () => {
    await report("failure");
    const { body } = github.issues()[0]!;
    const lines = Array.from({ length: 900 }, (_, i) => `- ${i} ${"x".repeat(90)}`);
    github.setIssue(1, { body: `${body}\n${lines.join("\n")}` });
    await report("cancelled");
    const after = github.issues()[0]!.body.split("\n");
    expect(after.join("\n").length).toBeLessThan(40_000);
    expect(after.slice(0, 3)).toEqual(body.split("\n"));
    expect(after.at(-2)).toBe(lines.at(-1));
    expect(after.at(-1)).toMatch(/: timeout /);
  });

  it("is not recorded if issues are disabled, which is no failure", async () => {
    github.set("hasIssues", "false");
    expect(await run("failure")).toMatchObject({
      results: { report: "success" },
      printed: expect.stringContaining("issues are disabled"),
    });
    expect(github.issues()).toEqual([]);
  });
});

it("every run keeps the schedule enabled, whatever its outcome", async () => {
  await report("success");
  await report("failure");
  expect(github.lines("enabled")).toEqual(["hourly.yml", "hourly.yml"]);
});

describe("the webhook", () => {
  it("receives the outcome of the run, the newest observation and the links", async () => {
    for (const outcome of ["success", "cancelled", "failure"] as const)
      await report(outcome, { webhook: github.webhook });
    const last =
      "Newest observation 2026-03-09T18:00:00\\.000Z\\. https://a\\.example/ https://github\\.com/octo/weather/actions/runs/1$";
    expect(github.told).toEqual(
      ["The site is up to date", "The run timed out or was cancelled", "The run failed"].map((text) => ({
        text: expect.stringMatching(new RegExp(`^isotherm, octo/weather: ${text}.* ${last}`)),
      })),
    );
  });

  it("receives only the chosen outcomes; another word is an error", async () => {
    for (const webhookOn of ["failure", "timeout, failure"]) {
      expect(await report("success", { webhook: github.webhook, webhookOn })).toBe("success");
    }
    expect(github.told).toEqual([]);
    await report("failure", { webhook: github.webhook, webhookOn: "timeout,failure" });
    expect(github.told).toHaveLength(1);
    const { results, printed } = await run("success", { webhook: github.webhook, webhookOn: "failure,always" });
    expect(results.report).toBe("failure");
    expect(printed).toContain("always is not one of");
  });

  it("that does not answer is an error without its address, after everything else is done", async () => {
    github.webhookStatus = 404;
    for (const webhook of [github.webhook, `${deadServer}secret`]) {
      const { results, printed } = await run("failure", { webhook });
      expect(results.report).toBe("failure");
      expect(printed).toContain("curl: ");
      expect(printed).not.toContain("secret");
    }
    expect(github.issues()).toHaveLength(1);
    expect(github.lines("enabled")).toHaveLength(2);
  });
});
