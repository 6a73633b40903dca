import { minuteMs } from "../../shared/time.js";
import { whileInPage } from "./html.js";

/** The time of a site built with `--as-of`, epoch milliseconds; null on a live site. */
export function pastTime(): number | null {
  const time = document.querySelector<HTMLMetaElement>("meta[name=as-of]")?.content;
  return time === undefined ? null : Date.parse(time);
}

/** The only clock of the pages. On a site built with `--as-of`, it always returns that time. */
function now(): number {
  return pastTime() ?? Date.now();
}

/** Yields the time now and once a minute. */
export async function* everyMinute(): AsyncGenerator<number> {
  while (true) {
    yield now();
    await new Promise((minute) => setTimeout(minute, minuteMs));
  }
}

/** Calls `update` now and once a minute until the node is removed from the page. */
export function tick<Node extends Element>(node: Node, update: (now: number) => void): Node {
  update(now());
  let wasInPage = false;
  const timer = setInterval(() => {
    wasInPage ||= node.isConnected;
    if (wasInPage && !node.isConnected) clearInterval(timer);
    else update(now());
  }, minuteMs);
  return node;
}

/** Calls `update` whenever the reader returns to the tab while the node is in the page. */
export function onReturn(node: Element, update: (now: number) => void): void {
  whileInPage(node, document, "visibilitychange", () => {
    if (document.visibilityState === "visible") update(now());
  });
}
