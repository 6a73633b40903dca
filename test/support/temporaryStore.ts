import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { openStore, type Store } from "../../src/data/store/store.js";

/**
 * A state folder for each test of the file, with a store in it; both gone after the test.
 * @param template a state folder of which each is a copy, its store closed
 */
export function useTemporaryStore(template?: () => string): { readonly home: string; readonly store: Store } {
  let home = "";
  let store: Store | undefined;
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "isotherm-"));
    if (template) cpSync(template(), home, { recursive: true });
    store = await openStore(home);
  });
  afterEach(() => {
    store?.close();
    rmSync(home, { recursive: true, force: true });
  });
  return {
    get home() {
      return home;
    },
    get store() {
      return store!;
    },
  };
}
