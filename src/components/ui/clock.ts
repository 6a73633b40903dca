import { minuteMs } from "../../shared/time.js";

/** The time that a site built for a past one (`--as-of`) is of, epoch milliseconds, as the page's head says; else null. */
export function pastTime(): number | null {
  const time = document.querySelector<HTMLMetaElement>("meta[name=as-of]")?.content;
  return time === undefined ? null : Date.parse(time);
}

/** The only clock of the pages; on a site built for a past time it stands still at that. */
function now(): number {
  return pastTime() ?? Date.now();
}

/** The time now and once a minute. */
export async function* everyMinute(): AsyncGenerator<number> {
  while (true) {
    yield now();
    await new Promise((minute) => setTimeout(minute, minuteMs));
  }
}

/** Calls `update` now and once a minute, until the node has been taken out of the page. */
export function tick<Node extends Element>(node: Node, update: (now: number) => void): Node {
  update(now());
  let shown = false;
  const timer = setInterval(() => {
    shown ||= node.isConnected;
    if (shown && !node.isConnected) clearInterval(timer);
    else update(now());
  }, minuteMs);
  return node;
}

/** Calls `update` whenever the reader comes back to the tab, until the node has been taken out of the page. */
export function onReturn(node: Element, update: (now: number) => void): void {
  const listener = () => {
    if (document.visibilityState !== "visible") return;
    if (node.isConnected) update(now());
    else document.removeEventListener("visibilitychange", listener);
  };
  document.addEventListener("visibilitychange", listener);
}
