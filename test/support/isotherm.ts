import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../../", import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** An address of this machine at which nobody answers. */
export const deadServer = "http://127.0.0.1:9/";

/** The command line as a child process; sources that `env` doesn't name are a dead server, so nothing leaves the machine. */
export function startIsotherm(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const sources = Object.fromEntries(
    ["ISOTHERM_GHCNH", "ISOTHERM_ISD", "ISOTHERM_AWC", "ISOTHERM_NWS"].map((name) => [name, deadServer]),
  );
  return spawn(process.execPath, ["--import", "tsx", "src/cli/cli.ts", ...args], {
    cwd: project,
    env: { ...process.env, CI: "", ...sources, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs a command to its end. */
export async function isotherm(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = startIsotherm(args, env);
  const ended = { stdout: "", stderr: "" };
  child.stdout!.on("data", (chunk) => (ended.stdout += chunk));
  child.stderr!.on("data", (chunk) => (ended.stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  return { code, ...ended };
}
