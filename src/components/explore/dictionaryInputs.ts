import type { Dictionary } from "../../shared/published/dictionary.js";
import { selectInput } from "../ui/selectInput.js";
import { textInput } from "../ui/textInput.js";

/** The choices of the data dictionary: words to find, and a table or files to look at alone. */
export function dictionaryInputs({ tables, files }: Dictionary) {
  const names = [...tables.map(({ name }) => name), ...files.map(({ address }) => address)];
  return {
    names,
    words: textInput("Find tables and columns", { placeholder: "a word, a unit, a name" }),
    only: selectInput("Table or file", [["", "All"], ...names.map((name) => [name, name] as const)]),
  };
}
