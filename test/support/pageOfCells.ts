/** The cells that a page shows as text, to be copied, as a page of their own. */
export function pageOfCells(markdown: string): string {
  const cells = [...markdown.matchAll(/^```js run=false\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
  if (cells.length === 0) throw new Error("no cells to copy");
  return `# Cells\n\n${cells.map((code) => `\`\`\`js\n${code}\`\`\`\n`).join("\n")}`;
}
