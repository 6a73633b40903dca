/** Choices kept when the reader comes back; a link always says all, so that it shows what its sender saw. */
const remembered = new Set(["unit", "time"]);

/** What an input of Framework's `view` is. */
export type ValueElement<T> = HTMLElement & { value: T };

/**
 * Ties an input to a parameter of the page's address: a link sets it, changing it changes the link, and the links to
 * the other pages carry it on.
 */
export function inAddress<Input extends ValueElement<string>>(
  input: Input,
  name: string,
  allowed: readonly string[],
): Input {
  const linked = new URLSearchParams(location.search).get(name);
  const choices = [linked, remembered.has(name) ? localStorage.getItem(name) : null];
  const chosen = choices.find((choice) => choice !== null && allowed.includes(choice));
  if (chosen) input.value = chosen;
  const write = () => {
    const parameters = new URLSearchParams(location.search);
    parameters.set(name, input.value);
    history.replaceState(null, "", `?${parameters}${location.hash}`);
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-carry]"))
      link.search = parameters.toString();
  };
  write();
  input.addEventListener("input", () => {
    write();
    if (remembered.has(name)) localStorage.setItem(name, input.value);
  });
  return input;
}
