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
