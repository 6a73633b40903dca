import { JSDOM } from "jsdom";

/**
 * Lets components, which make nodes of the page they run in, draw without a browser: in a page of jsdom.
 * @param home the way from the page drawn for to the site's beginning, as its head would tell
 */
export function openDrawing(home: string): void {
  const { window } = new JSDOM(`<meta name="home" content="${home}">`);
  Object.assign(globalThis, {
    window,
    document: window.document,
    Node: window.Node,
    NodeFilter: window.NodeFilter,
    NodeList: window.NodeList,
    HTMLCollection: window.HTMLCollection,
    XMLSerializer: window.XMLSerializer,
  });
}
