import { choose, type ValueElement } from "./inputs.js";

/** Choices that are restored on the next visit. A link contains all choices, so it shows what its sender saw. */
const remembered = new Set(["station", "unit", "time"]);

/** The inputs of the page, by their names in its address. */
const inputs = new Map<string, ValueElement<string>>();

/** The name of the station in the path of its page: `/station/KATL`. */
const stationPath = /(?<=\/station\/)[^/.]+/;

/**
 * Ties inputs to parameters of the page's address: a link sets them, a change updates the address, and links to other
 * pages pass them on. An empty value is left out.
 * @param added inputs by the names of their parameters
 */
export function inAddress<Inputs extends Record<string, ValueElement<string>>>(added: Inputs): Inputs {
  if (inputs.size === 0) addEventListener("popstate", readAddress);
  for (const [name, input] of Object.entries(added)) {
    inputs.set(name, input);
    const candidates = [inLink(name), remembered.has(name) ? recall(name) : null];
    const first = candidates.find((value) => value && isAllowed(input, value));
    if (first) input.value = first;
    write(name, input.value, "replaceState");
    input.addEventListener("input", () => {
      write(name, input.value, name === "station" ? "pushState" : "replaceState");
      if (remembered.has(name)) remember(name, input.value);
    });
  }
  return added;
}

function isAllowed(input: ValueElement<string>, value: string): boolean {
  return input.allows?.(value) ?? true;
}

/** The value in the address; that of the station in capitals, as all keys are. */
function inLink(name: string): string | null {
  const parameter = new URLSearchParams(location.search).get(name);
  if (name !== "station") return parameter;
  const inPath = stationPath.exec(location.pathname);
  return (inPath ? decodeURIComponent(inPath[0]) : parameter)?.toUpperCase() ?? null;
}

/** Updates the address. Only another station adds an entry to the history. */
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
  const station = inputs.get("station")?.value;
  if (station) parameters.set("station", station);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-carry]")) link.search = parameters.toString();
}

/** Sets the inputs from the address when the reader goes back or forward. */
function readAddress(): void {
  for (const [name, input] of inputs) {
    const value = inLink(name) ?? "";
    if (value !== input.value && isAllowed(input, value)) choose(input, value);
  }
}

function recall(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // the browser blocks site data
  }
}

function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The browser blocks site data, or they are full. The link still contains the choice.
  }
}
