import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Whether the module of this `import.meta.url` is the program that Node was started with, and not one imported. */
export function isProgram(url: string): boolean {
  const program = process.argv[1];
  return program !== undefined && realpathSync(program) === fileURLToPath(url);
}
