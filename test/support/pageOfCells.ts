/**
 * The cells that a text shows to be copied, as a page of their own.
 * @param info what stands after the fence of such a cell
 */
export function pageOfCells(markdown: string, info: string): string {
  const cells = [...markdown.matchAll(/^```([^`\n]*)\n([\s\S]*?)^```$/gm)].filter(([, own]) => own === info);
  if (cells.length === 0) throw new Error(`no cell marked ${info} to copy`);
  return `# Cells\n\n${cells.map(([, , code]) => `\`\`\`js\n${code}\`\`\`\n`).join("\n")}`;
}
