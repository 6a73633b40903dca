import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { isotherm } from "../support/isotherm.js";
import type { Workflow } from "../support/workflowRunner.js";

const folder = new URL("../../.github/workflows/", import.meta.url);
const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  return { name, text, workflow: parse(text) as Workflow };
});
const scripts = (
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    scripts: Record<string, string>;
  }
).scripts;

/** Mistakes that the validator must detect. */
const changes = [
  ["runs-on:", "run-on:"],
  ["${{ github.", "${{ githup."],
  ["contents: read", "contents: reed"],
  ["npm ci\n", "npm ci\n        shel: bash\n"],
] as const;

/** The mistakes that GitHub's own validator finds in each text. */
function mistakesIn(texts: readonly string[]): string[][] {
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "test/support/validateWorkflows.ts"], {
    input: JSON.stringify(texts),
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as string[][];
}

test("all pass GitHub's own validator, which detects mistakes", () => {
  for (const { text } of workflows) for (const [from] of changes) expect(text).toContain(from);
  const changed = workflows.flatMap(({ text }) => changes.map(([from, to]) => text.replace(from, to)));
  const mistakes = mistakesIn([...workflows.map(({ text }) => text), ...changed]);
  expect(mistakes.slice(0, workflows.length)).toEqual(workflows.map(() => []));
  for (const found of mistakes.slice(workflows.length)) expect(found).not.toEqual([]);
});

test("there is an hourly workflow and one for tests", () => {
  expect(workflows.map(({ name }) => name)).toEqual(["hourly.yml", "test.yml"]);
});

describe.each(workflows)("$name", ({ text, workflow }) => {
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  test("pins every action to a commit, with a comment for its version", () => {
    const lines = text.split("\n").filter((line) => /\buses:/.test(line));
    expect(lines).toHaveLength(steps.filter(({ uses }) => uses).length);
    for (const line of lines) expect(line).toMatch(/uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const versions = new Map(lines.map((line) => [/actions\/[\w-]+/.exec(line)![0], line.trim().replace(/^- /, "")]));
    for (const line of lines) expect([...versions.values()]).toContain(line.trim().replace(/^- /, ""));
  });

  test("grants only the permissions that each job names, and persists no credentials", () => {
    expect(workflow.permissions).toEqual({});
    for (const [id, job] of jobs) {
      expect(job.permissions, id).toBeDefined();
      expect(job["timeout-minutes"], id).toBeLessThanOrEqual(45);
    }
    for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout")))
      expect(step.with).toEqual({ "persist-credentials": false });
    expect(workflow.concurrency).toBeDefined();
  });

  test("calls only existing npm scripts, except to report, and passes no outside text to a shell", async () => {
    for (const { run } of steps) {
      if (run === undefined) continue;
      expect(run).not.toContain("${{");
      if (workflow.jobs.report?.steps.some((step) => step.run === run)) continue;
      const script = /^npm (?:run ([\w:]+)|(test|ci))( -- [\w "$./-]+)?$/.exec(run);
      expect(script, run).not.toBeNull();
      const called = script![1] ?? script![2]!;
      if (called !== "ci") expect(scripts, run).toHaveProperty(called);
    }
  });
});

describe("hourly.yml", () => {
  const { workflow } = workflows.find(({ name }) => name === "hourly.yml")!;
  const commands = Object.values(workflow.jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run }) => /^npm run isotherm -- (.*)$/.exec(run ?? "")?.[1] ?? []),
  );

  test("starts twice an hour, never on the hour", () => {
    const slots = workflow.on.schedule!.map(({ cron }) => /^(\d+) \* \* \* \*$/.exec(cron)?.[1]).map(Number);
    expect(slots).toHaveLength(2);
    for (const minute of slots) expect(minute > 5 && minute < 55).toBe(true);
    expect(slots[1]! - slots[0]!).toBe(30);
  });

  test("saves the state before it builds the site", () => {
    const order = workflow.jobs.hour!.steps.flatMap(
      ({ run }) => /^npm run isotherm -- (.*)$/.exec(run ?? "")?.[1] ?? [],
    );
    expect(order).toEqual([
      "ci restore",
      "update",
      "ci restore --parts parts",
      "publish",
      "ci save",
      "check",
      "build --no-update",
      "ci publish",
    ]);
  });

  test("saves the state after a failed update but not without a restored state, and builds with the site's address", () => {
    const stepOf = (command: string) =>
      workflow.jobs.hour!.steps.find(({ run }) => run === `npm run isotherm -- ${command}`)!;
    expect(stepOf("update").id).toBe("update");
    expect(stepOf("ci save").if).toBe("success() || (!cancelled() && steps.update.outcome == 'failure')");
    expect(stepOf("build --no-update").env).toEqual({ ISOTHERM_SITE: `\${{ needs.due.outputs.site }}` });
    const outputs = ["due", "site", "observed"].map((name) => [name, `\${{ steps.due.outputs.${name} }}`]);
    expect(workflow.jobs.due!.outputs).toEqual(Object.fromEntries(outputs));
    const fetched = workflow.jobs.fetch!.steps.find(({ id }) => id === "checkpoint")!;
    expect(fetched.if).toBe("success() || (!cancelled() && steps.prepare.outcome == 'failure')");
    for (const command of ["check", "ci publish"]) expect(stepOf(command).if).toBeUndefined();
  });

  test("has write permission only where it pushes", () => {
    const writing = Object.entries(workflow.jobs).flatMap(([id, { permissions }]) =>
      Object.entries(permissions!).flatMap(([scope, access]) => (access === "write" ? [`${id}: ${scope}`] : [])),
    );
    expect(writing.sort()).toEqual(["hour: contents", "report: actions", "report: issues"]);
  });

  test("uses only existing commands and options of isotherm", async () => {
    const unique = [...new Set(commands)].map((command) =>
      command.replace(/"\$SHARD"/, "1/2").replace(/"\$\w+"/, "success"),
    );
    await Promise.all(
      unique.map(async (command) => {
        const words = command.split(" ");
        const options = words.filter((word) => word.startsWith("--"));
        const { code, stdout } = await isotherm([...words.filter((word) => !word.startsWith("--")), "--help"]);
        expect(code, command).toBe(0);
        expect(stdout, command).toContain(`Usage: isotherm ${words[0] === "ci" ? `ci ${words[1]}` : words[0]} `);
        for (const option of options) expect(stdout, command).toContain(option);
      }),
    );
  }, 120_000);
});
