import { getSystemErrorMap } from "node:util";
import { DamagedStoreError } from "../store/storeError.js";

const longestReason = 200;

/** A file that is incomplete or not what it claims to be; none of it is used. */
export class FileError extends Error {
  constructor(
    readonly file: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${reason}`, options);
  }
}

/**
 * Any error of a file as a `FileError`. Throws the error of a damaged store, which ends a run.
 * @param file its name in errors
 */
export function fileErrorOf(file: string, error: unknown): FileError {
  if (error instanceof FileError) return error;
  if (error instanceof DamagedStoreError) throw error;
  return new FileError(file, reasonOf(error), { cause: error });
}

/** The reason of an error without paths of this machine, because it may be published. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, longestReason);
  const [name, text] = ("errno" in error && getSystemErrorMap().get(Number(error.errno))) || [];
  return name ? `${name}: ${text}` : error.message.slice(0, longestReason);
}
