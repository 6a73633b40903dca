import { JSDOM } from "jsdom";

/**
 * Lets components, which make nodes of the page they run in, draw without a browser: in a page of jsdom, whose head tells
 * what that of the page drawn for does.
 * @param home the way from that page to the site's beginning
 * @param pastTime of a site built for a past time, epoch milliseconds; else null
 */
export function openDocument(home: string, pastTime: number | null): void {
  const past = pastTime === null ? "" : `<meta name="as-of" content="${new Date(pastTime).toISOString()}">`;
  const { window } = new JSDOM(`<meta name="home" content="${home}"><meta name="files" content="${home}">${past}`);
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
