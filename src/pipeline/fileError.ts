/** A file that is not what it claims to be, or not whole: nothing of it is used. */
export class FileError extends Error {
  constructor(
    readonly file: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${reason}`, options);
  }
}
