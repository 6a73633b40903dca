import { JSDOM } from "jsdom";

/**
 * Lets components draw without a browser, in a jsdom document with the metadata of the page they are drawn for.
 * @param home relative path from that page to the root of the site
 * @param pastTime the past time that the site shows, epoch milliseconds; null for a current site
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
