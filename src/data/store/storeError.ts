/** Another process has the store open. */
export class StoreInUseError extends Error {}

/** The store can't be read: no run can go on with it. */
export class DamagedStoreError extends Error {}

/** A block's checksum is wrong, or what was read makes no sense; of the database and of the log beside it. */
const corrupt = /corrupt(ed)? (database|wal)|database file appears to be corrupt|not a valid DuckDB database file/i;

/** Reasons of the system, of which the store is innocent; DuckDB passes on what the C library calls them. */
const ofSystem =
  /Permission denied|Operation not permitted|Read-only file system|No space left|quota exceeded|Is a directory|Not a directory|No such file|name too long|Too many open files|Out of Memory/i;

/**
 * What to tell of an error of DuckDB: of a lock or of damage, in terms of the store at `path`; any other as it is.
 * @param isOpening nothing has been asked of the store yet: whatever is wrong, is wrong with it
 */
export function storeError(path: string, error: unknown, { isOpening = false } = {}): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/Could not set lock on file|Conflicting lock is held/.test(message)) {
    const holder = /PID (\d+)/.exec(message)?.[1];
    const process = `another process${holder ? ` (${holder})` : ""}`;
    return new StoreInUseError(`${path} is in use by ${process}; one run at a time`, { cause: error });
  }
  if (isOpening && ofSystem.test(message)) return new Error(`cannot open ${path}: ${message}`, { cause: error });
  // Other files, such as those of a checkpoint, can be cut off too.
  const isCut = message.includes(`Could not read enough bytes from file "${path}`);
  if (!isOpening && !isCut && !corrupt.test(message)) return error;
  return new DamagedStoreError(`${path} is damaged: ${message}; restore a checkpoint`, { cause: error });
}
