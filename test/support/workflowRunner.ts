import { spawn } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";
import { parse } from "yaml";
import { temporaryFolder } from "./temporaryFolder.js";

/** What the workflows of a fork of this project see of GitHub. */
export interface Fork {
  vars: Record<string, string>;
  secrets: Record<string, string>;
  /** Environment of the machines. */
  env: Record<string, string>;
  /** Runs a command in that folder. */
  run(command: string, machine: string, env: Record<string, string>): Promise<Ran>;
}

export interface Ran {
  /** Null when it ran out of time. */
  code: number | null;
  printed: string;
}

export interface WorkflowEvent {
  name: "schedule" | "workflow_dispatch";
  inputs?: Record<string, string | boolean>;
}

type Outcome = "success" | "failure" | "cancelled" | "skipped";

export interface WorkflowRun {
  /** Results of the jobs, in the order of the file. */
  results: Record<string, Outcome>;
  /** The commands and their outcomes. */
  commands: { job: string; command: string; outcome: Outcome }[];
  /** All that was printed. */
  printed: string;
}

interface Step {
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Job {
  needs?: string | string[];
  if?: string;
  env?: Record<string, string>;
  outputs?: Record<string, string>;
  permissions?: Record<string, string>;
  strategy?: { matrix: Record<string, string> };
  "timeout-minutes"?: number;
  steps: Step[];
}

/** The parts of a workflow's file that this project uses. */
export interface Workflow {
  on: { schedule?: { cron: string }[] };
  concurrency?: { group: string };
  permissions: Record<string, string>;
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

interface Status {
  failed: boolean;
  skipped?: boolean;
}

type Context = Record<string, unknown>;

const project = fileURLToPath(new URL("../../", import.meta.url));
const token = "token of the run";

/**
 * Runs a workflow as GitHub does, on this machine: each job in a folder of its own, its conditions and expressions
 * evaluated by GitHub's own library. It knows the actions that this project uses. `npm ci` links the installed packages, and
 * jobs run one after another.
 */
export async function runWorkflow(file: string, fork: Fork, event: WorkflowEvent): Promise<WorkflowRun> {
  const workflow = parse(await readFile(join(project, ".github/workflows", file), "utf8")) as Workflow;
  const run: WorkflowRun = { results: {}, commands: [], printed: "" };
  const artifacts = await temporaryFolder();
  const outputs: Record<string, Record<string, string>> = {};
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const needs = [job.needs ?? []].flat();
    const needed = Object.fromEntries(
      needs.map((name) => [name, { result: run.results[name], outputs: outputs[name] }]),
    );
    const context: Context = {
      needs: needed,
      vars: fork.vars,
      secrets: fork.secrets,
      inputs: event.inputs ?? {},
      steps: {},
      github: {
        token,
        event_name: event.name,
        repository: "octo/weather",
        run_id: "1",
        server_url: fork.env.GITHUB_SERVER_URL ?? "https://github.com",
      },
    };
    const status: Status = {
      failed: needs.some((name) => run.results[name] === "failure"),
      skipped: needs.some((name) => run.results[name] === "skipped"),
    };
    if (!isMet(job.if, context, status)) {
      run.results[id] = "skipped";
      continue;
    }
    const matrix = Object.entries(job.strategy?.matrix ?? {})[0];
    const places: Context[] = matrix
      ? namesOf(matrix[1], context).map((value, i) => ({
          matrix: { [matrix[0]]: value },
          strategy: { "job-index": i },
        }))
      : [{}];
    const ended: Awaited<ReturnType<typeof runJob>>[] = [];
    for (const place of places) {
      ended.push(await runJob(id, job, { ...context, ...place }, { workflow, fork, event, artifacts, run }));
    }
    run.results[id] =
      (["failure", "cancelled"] as const).find((one) => ended.some(({ outcome }) => outcome === one)) ?? "success";
    outputs[id] = ended.at(-1)!.outputs;
  }
  return run;
}

interface Surroundings {
  workflow: Workflow;
  fork: Fork;
  event: WorkflowEvent;
  artifacts: string;
  run: WorkflowRun;
}

async function runJob(
  id: string,
  job: Job,
  context: Context,
  { workflow, fork, event, artifacts, run }: Surroundings,
): Promise<{ outcome: Outcome; outputs: Record<string, string> }> {
  const machine = await temporaryFolder();
  const steps: Record<string, { outcome: Outcome; outputs: Record<string, string> }> = {};
  const status: Status = { failed: false };
  const evaluated = (texts: Record<string, unknown> = {}) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, textOf(text, { ...context, steps })]));
  const runner = {
    CI: "true",
    GITHUB_REPOSITORY: "octo/weather",
    GITHUB_EVENT_NAME: event.name,
    GITHUB_RUN_ID: "1",
    GITHUB_WORKFLOW_REF: "octo/weather/.github/workflows/hourly.yml@refs/heads/main",
    ...fork.env,
  };
  for (const [i, step] of job.steps.entries()) {
    const name = step.id ?? String(i);
    if (!isMet(step.if, { ...context, steps }, status)) {
      steps[name] = { outcome: "skipped", outputs: {} };
      continue;
    }
    const outputFile = join(machine, `.output-${i}`);
    await writeFile(outputFile, "");
    let outcome: Outcome = "success";
    if (step.uses) await useAction(step.uses.split("@")[0]!, evaluated(step.with), { machine, artifacts });
    else if (step.run === "npm ci") await symlink(join(project, "node_modules"), join(machine, "node_modules"));
    else {
      const env = { ...runner, ...evaluated(workflow.env), ...evaluated(job.env), ...evaluated(step.env) };
      const { code, printed } = await fork.run(step.run!, machine, { ...env, GITHUB_OUTPUT: outputFile });
      outcome = code === 0 ? "success" : code === null ? "cancelled" : "failure";
      run.printed += printed;
      run.commands.push({ job: id, command: step.run!.replace("npm run isotherm -- ", ""), outcome });
    }
    const lines = (await readFile(outputFile, "utf8")).split("\n").filter(Boolean);
    const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
    steps[name] = { outcome, outputs };
    status.failed ||= outcome === "failure";
    // Nothing else runs after its time.
    if (outcome === "cancelled") return { outcome, outputs: {} };
  }
  return { outcome: status.failed ? "failure" : "success", outputs: evaluated(job.outputs) };
}

interface Machine {
  machine: string;
  artifacts: string;
}

async function useAction(action: string, options: Record<string, string>, { machine, artifacts }: Machine) {
  switch (action) {
    case "actions/checkout":
    case "actions/setup-node":
      return;
    case "actions/cache":
      // From the cache of this checkout, if there is one.
      return cp(join(project, options.path!), join(machine, options.path!), { recursive: true }).catch(() => undefined);
    case "actions/upload-artifact":
      await mkdir(join(artifacts, options.name!));
      return cp(join(machine, options.path!), join(artifacts, options.name!, options.path!));
    case "actions/download-artifact": {
      // One by its name into the folder itself, or all into folders of their names.
      if (options.name) return cp(join(artifacts, options.name), join(machine, options.path!), { recursive: true });
      return cp(artifacts, join(machine, options.path!), { recursive: true });
    }
    default:
      throw new Error(`the action ${action} is not supported here`);
  }
}

/** Runs a command in a shell, with no other environment than PATH, HOME and TMPDIR. */
export async function runInShell(command: string, cwd: string, env: Record<string, string>): Promise<Ran> {
  const { PATH, HOME, TMPDIR } = process.env;
  const inherited = Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value),
  ) as typeof env;
  const child = spawn("bash", ["-e", "-c", command], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  const code = await new Promise<number | null>((ended, failed) => child.once("error", failed).once("close", ended));
  return { code, printed };
}

/** Evaluates a condition. Without one, and when it names no status, all earlier steps or jobs must have succeeded. */
function isMet(condition: string | undefined, context: Context, status: Status): boolean {
  const expression = /^\$\{\{(.*)\}\}$/s.exec(condition?.trim() ?? "")?.[1] ?? condition ?? "success()";
  const isOfStatus = /\b(success|failure|always|cancelled)\(\)/.test(expression);
  return isTrue(evaluate(isOfStatus ? expression : `success() && (${expression})`, context, status));
}

function isTrue(value: data.ExpressionData): boolean {
  return !["", "0", "false"].includes(value.coerceString());
}

/** Evaluates the expressions in a text, or in a number. */
function textOf(text: unknown, context: Context): string {
  return String(text).replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression, context, { failed: false }).coerceString(),
  );
}

/** The items of a text that is one expression. */
function namesOf(text: string, context: Context): string[] {
  const value = evaluate(/^\$\{\{(.*)\}\}$/s.exec(text)![1]!, context, { failed: false });
  return (value as data.Array).values().map((name) => name.coerceString());
}

function evaluate(expression: string, context: Context, { failed, skipped = false }: Status): data.ExpressionData {
  const answers = { success: !failed && !skipped, failure: failed, always: true, cancelled: false };
  const functions: FunctionDefinition[] = [
    ...Object.entries(answers).map(([name, value]) => ({
      name,
      minArgs: 0,
      maxArgs: 0,
      call: () => new data.BooleanData(value),
    })),
    { name: "hashFiles", minArgs: 1, maxArgs: 255, call: () => new data.StringData("hash") },
  ];
  const names = ["needs", "vars", "secrets", "inputs", "steps", "github", "matrix", "strategy"];
  const parsed = new Parser(new Lexer(expression).lex().tokens, names, functions).parse();
  const values = JSON.parse(JSON.stringify(context), data.reviver) as data.Dictionary;
  return new Evaluator(parsed, values, new Map(functions.map((one) => [one.name.toLowerCase(), one]))).evaluate();
}
