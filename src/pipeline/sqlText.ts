/** A text as SQL writes it. For what can't be a parameter, such as the name of a file. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
