import { isUrl } from "../../shared/config.js";
import { hasScheme } from "../../shared/identifiers.js";

/** An address without its user and password, for requests (a header carries them) and messages. */
export function withoutCredentials(url: string): string {
  const address = new URL(url);
  if (address.username === "" && address.password === "") return url;
  address.username = "";
  address.password = "";
  return address.href;
}

/** The header with the user and password of an address; empty if it has none. */
export function credentialsOf(url: string): { authorization?: string } {
  const { username, password } = new URL(url);
  if (username === "" && password === "") return {};
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64");
  return { authorization: `Basic ${basic}` };
}

/** An address that is safe to show: without user, password and query, which may be a signature. */
export function shownPlace(place: string): string {
  if (!isUrl(place) || !URL.canParse(place)) return place.replace(/^([a-z][a-z0-9+.-]+:\/+)[^/]*@/i, "$1");
  const { origin, pathname } = new URL(place);
  return `${origin}${pathname}`;
}

/** A text in which an address appears only as `shownPlace`. */
export function withoutSecrets(text: string, place: string): string {
  if (!isUrl(place) || !URL.canParse(place)) return text.replaceAll(place, shownPlace(place));
  return text.replaceAll(place, shownPlace(place)).replaceAll(withoutCredentials(place), shownPlace(place));
}

/** Throws if a place is neither a folder nor an address that can be read from and written to. */
export function requirePlace(place: string): void {
  if (isUrl(place) ? URL.canParse(place) : !hasScheme(place)) return;
  const expected = "expected a folder, a .tar file or a URL that begins with https:// or http://";
  throw new Error(`${shownPlace(place)} is not an address that can be used; ${expected}`);
}
