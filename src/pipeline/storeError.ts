/** Another process has the store open. */
export class StoreInUseError extends Error {}

/** The store can't be read: no run can go on with it. */
export class DamagedStoreError extends Error {}

/** A block's checksum is wrong, or what was read makes no sense; of the database and of the log beside it. */
const corrupt = /corrupt(ed)? (database|wal)|database file appears to be corrupt|not a valid DuckDB database file/i;

/** What to tell of an error of DuckDB: of a lock or of damage, in terms of the store at `path`; any other as it is. */
export function storeError(path: string, error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/Could not set lock on file|Conflicting lock is held/.test(message)) {
    const holder = /PID (\d+)/.exec(message)?.[1];
    const process = `another process${holder ? ` (${holder})` : ""}`;
    return new StoreInUseError(`${path} is in use by ${process}; one run at a time`, { cause: error });
  }
  // Other files, such as those of a checkpoint, can be cut off too.
  const isCut = message.includes(`Could not read enough bytes from file "${path}`);
  if (!isCut && !corrupt.test(message)) return error;
  return new DamagedStoreError(`${path} is damaged: ${message}; restore a checkpoint`, { cause: error });
}
