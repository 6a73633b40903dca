/** Choices kept when the reader comes back; a link always says all, so that it shows what its sender saw. */
const remembered = new Set(["station", "unit", "time"]);

/** What an input of Framework's `view` is. */
export type ValueElement<T> = HTMLElement & { value: T };

interface Choice {
  input: ValueElement<string>;
  isAllowed: (value: string) => boolean;
}

/** The inputs of the page, by the names they have in its address. */
const choices = new Map<string, Choice>();

/** A page of one station has its name in the path: `/station/KATL`. */
const stationPath = /(?<=\/station\/)[^/.]+/;

/**
 * Ties an input to a parameter of the page's address: a link sets it, changing it changes the link, and the links to
 * the other pages carry it on. An empty value leaves no trace in the address.
 * @param allowed values that the input can take, or a test for them
 */
export function inAddress<Input extends ValueElement<string>>(
  input: Input,
  name: string,
  allowed: readonly string[] | ((value: string) => boolean),
): Input {
  const isAllowed = typeof allowed === "function" ? allowed : (value: string) => allowed.includes(value);
  if (choices.size === 0) addEventListener("popstate", readAddress);
  choices.set(name, { input, isAllowed });
  const candidates = [inLink(name), remembered.has(name) ? recall(name) : null];
  const first = candidates.find((value) => value !== null && isAllowed(value));
  if (first) input.value = first;
  write(name, input.value, "replaceState");
  input.addEventListener("input", () => {
    write(name, input.value, name === "station" ? "pushState" : "replaceState");
    if (remembered.has(name)) remember(name, input.value);
  });
  return input;
}

function inLink(name: string): string | null {
  const inPath = name === "station" ? stationPath.exec(location.pathname) : null;
  return inPath ? decodeURIComponent(inPath[0]) : new URLSearchParams(location.search).get(name);
}

/** Another station is another place, to go back from; all else is a matter of the same place. */
function write(name: string, value: string, how: "pushState" | "replaceState"): void {
  if (inLink(name) !== (value || null)) {
    const address = new URL(location.href);
    if (name === "station" && stationPath.test(address.pathname)) {
      address.pathname = address.pathname.replace(stationPath, encodeURIComponent(value));
    } else if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
    history[how](null, "", address);
  }
  const parameters = new URLSearchParams(location.search);
  const station = choices.get("station")?.input.value;
  if (station) parameters.set("station", station);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-carry]")) link.search = parameters.toString();
}

/** Back or forward in the reader's history: the inputs follow. */
function readAddress(): void {
  for (const [name, { input, isAllowed }] of choices) {
    const value = inLink(name) ?? "";
    if (value === input.value || !isAllowed(value)) continue;
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** What the reader's browser keeps of a choice; null where it keeps nothing, or lets no page keep anything. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // site data are blocked
  }
}

/** Keeps a choice for when the reader comes back, where the browser lets the page. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Site data are blocked, or full: the link still says all.
  }
}
