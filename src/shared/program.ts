import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Whether the module of this `import.meta.url` is the one that Node was started with. */
export function isProgram(url: string): boolean {
  const program = process.argv[1];
  return program !== undefined && realpathSync(program) === fileURLToPath(url);
}
