import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { runCli } from "../../src/cli/cli.js";

const project = fileURLToPath(new URL("../../", import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** An address of this machine where nothing listens. */
export const deadServer = "http://127.0.0.1:9/";

/** Sources that `env` doesn't name are a dead server, so that no test leaves the machine. */
const defaults = {
  CI: "",
  ...Object.fromEntries(["GHCNH", "ISD", "AWC", "NWS", "NBM"].map((name) => [`ISOTHERM_${name}`, deadServer])),
};

let last: Promise<unknown> = Promise.resolve();

/** Runs a command in this process, after those that were started before it. */
export function isotherm(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const ended = last.then(() => runHere(args, { ...defaults, ...env }));
  last = ended.catch(() => undefined);
  return ended;
}

async function runHere(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  const { stdout, stderr, exitCode } = process;
  const [writeOut, writeError] = [stdout.write, stderr.write];
  const ended = { stdout: "", stderr: "" };
  const into = (name: keyof typeof ended) => (chunk: string | Uint8Array) => {
    ended[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  Object.assign(process.env, env);
  [stdout.write, stderr.write] = [into("stdout"), into("stderr")];
  process.exitCode = undefined;
  try {
    await runCli(args);
    return { code: Number(process.exitCode ?? 0), ...ended };
  } finally {
    [stdout.write, stderr.write] = [writeOut, writeError];
    process.exitCode = exitCode;
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** Starts a command as a child process, for tests of exit codes, signals and kills. */
export function startIsotherm(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", "src/cli/cli.ts", ...args], {
    cwd: project,
    env: { ...process.env, ...defaults, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs a command as a child process to its end. */
export async function spawnIsotherm(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = startIsotherm(args, env);
  const ended = { stdout: "", stderr: "" };
  child.stdout!.on("data", (chunk) => (ended.stdout += chunk));
  child.stderr!.on("data", (chunk) => (ended.stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  return { code, ...ended };
}
