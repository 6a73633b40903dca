import { isUrl } from "../../shared/config.js";
import { hasScheme } from "../../shared/identifiers.js";

/**
 * An address without the user and password in it, which a client sends as a header: for what is asked, and for messages.
 */
export function withoutCredentials(url: string): string {
  const address = new URL(url);
  if (address.username === "" && address.password === "") return url;
  address.username = "";
  address.password = "";
  return address.href;
}

/** The header that carries the user and password in an address; none when there are none. */
export function credentialsOf(url: string): { authorization?: string } {
  const { username, password } = new URL(url);
  if (username === "" && password === "") return {};
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  return { authorization: `Basic ${basic}` };
}

/** A place as it may be shown: of a URL neither the user and password nor the query, which may be a signature. */
export function shownPlace(place: string): string {
  if (!isUrl(place) || !URL.canParse(place)) return place.replace(/^([a-z][a-z0-9+.-]+:\/+)[^/]*@/i, "$1");
  const { origin, pathname } = new URL(place);
  return `${origin}${pathname}`;
}

/** A text in which a place is only named as it may be shown. */
export function withoutSecrets(text: string, place: string): string {
  if (!isUrl(place) || !URL.canParse(place)) return text.replaceAll(place, shownPlace(place));
  return text.replaceAll(place, shownPlace(place)).replaceAll(withoutCredentials(place), shownPlace(place));
}

/** Throws where a place is an address of a kind that nothing can be read from or put to, which is no folder either. */
export function requirePlace(place: string): void {
  if (isUrl(place) ? URL.canParse(place) : !hasScheme(place)) return;
  const expected = "expected a folder, a .tar file or a URL that begins with https:// or http://";
  throw new Error(`${shownPlace(place)} is not an address that can be used; ${expected}`);
}
