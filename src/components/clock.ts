/** The time in the browser, now and once a minute: the only clock of the pages. */
export async function* everyMinute(): AsyncGenerator<number> {
  while (true) {
    yield Date.now();
    await new Promise((minute) => setTimeout(minute, 60_000));
  }
}

/** Calls `update` now and once a minute, until the node has been taken out of the page. */
export function tick<Node extends Element>(node: Node, update: (now: number) => void): Node {
  update(Date.now());
  let shown = false;
  const timer = setInterval(() => {
    shown ||= node.isConnected;
    if (shown && !node.isConnected) clearInterval(timer);
    else update(Date.now());
  }, 60_000);
  return node;
}

/** Calls `update` whenever the reader comes back to the tab, until the node has been taken out of the page. */
export function onReturn(node: Element, update: (now: number) => void): void {
  const listener = () => {
    if (document.visibilityState !== "visible") return;
    if (node.isConnected) update(Date.now());
    else document.removeEventListener("visibilitychange", listener);
  };
  document.addEventListener("visibilitychange", listener);
}
