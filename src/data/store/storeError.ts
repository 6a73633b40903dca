/** Another process has the store open. */
export class StoreInUseError extends Error {}

/** The store can't be read; no run can use it. */
export class DamagedStoreError extends Error {}

/** Messages about damage to the database or its log. */
const corrupt = /corrupt(ed)? (database|wal)|database file appears to be corrupt|not a valid DuckDB database file/i;

/** Messages of the C library about the system rather than the store. */
const systemErrors =
  /Permission denied|Operation not permitted|Read-only file system|No space left|quota exceeded|Is a directory|Not a directory|No such file|name too long|Too many open files|Out of Memory/i;

/**
 * An error of DuckDB about a lock or damage, with the path of the store; any other error unchanged.
 * @param isOpening whether the store is being opened, so that any other error is damage
 */
export function storeError(path: string, error: unknown, { isOpening = false } = {}): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/Could not set lock on file|Conflicting lock is held/.test(message)) {
    const holder = /PID (\d+)/.exec(message)?.[1];
    const process = `another process${holder ? ` (${holder})` : ""}`;
    return new StoreInUseError(`${path} is in use by ${process}; one run at a time`, { cause: error });
  }
  if (isOpening && systemErrors.test(message)) return new Error(`cannot open ${path}: ${message}`, { cause: error });
  // The message may be about another file, such as one of a checkpoint.
  const isCut = message.includes(`Could not read enough bytes from file "${path}`);
  if (!isOpening && !isCut && !corrupt.test(message)) return error;
  return new DamagedStoreError(`${path} is damaged: ${message}; restore a checkpoint`, { cause: error });
}
