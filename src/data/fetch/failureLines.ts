import type { FetchFailure } from "./fetchRun.js";

/**
 * What to tell people of failed requests: a line for each host that did not answer, and one for each other reason, with
 * how many requests it cost.
 */
export function failureLines(failures: readonly FetchFailure[]): string[] {
  const groups = new Map<string, FetchFailure[]>();
  for (const failure of failures) {
    // A file broken in one way is not the next one broken in the same way, unless it is the host's doing.
    const key = failure.unreachable ? hostOf(failure) : `${hostOf(failure)} ${reasonOf(failure)}`;
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  return [...groups.values()].map((group) => {
    // One that was asked says more than one that was not, because the host had not answered before.
    const told = group.find((failure) => reasonOf(failure) !== failure.message) ?? group[0]!;
    const host = hostOf(told);
    return group.length === 1 || host === "" ? told.message : `${host}: ${reasonOf(told)} (${group.length} requests)`;
  });
}

function hostOf({ url }: FetchFailure): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

/** The message without the address before it. */
function reasonOf({ url, message }: FetchFailure): string {
  return message.startsWith(`${url}: `) ? message.slice(url.length + 2) : message;
}
