import { text } from "node:stream/consumers";
import { registerLogger, validate } from "@actions/languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";

/**
 * GitHub's own validator of workflows, in a process of its own because it imports JSON in a way that needs tsx.
 * Reads an array of texts of YAML from stdin, writes an array of their mistakes.
 */
const refuse = (message: string) => {
  throw new Error(message);
};
// It reports its own errors only to a logger.
registerLogger({ error: refuse, warn: refuse, info() {}, log() {} });

const texts = JSON.parse(await text(process.stdin)) as string[];
const mistakes: string[][] = [];
for (const [i, yaml] of texts.entries()) {
  // It caches documents by name.
  const found = await validate(TextDocument.create(`file:///.github/workflows/${i}.yml`, "yaml", 0, yaml));
  mistakes.push(found.map(({ message, range }) => `${range.start.line + 1}: ${message}`));
}
process.stdout.write(JSON.stringify(mistakes));
