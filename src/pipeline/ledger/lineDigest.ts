import { createHash } from "node:crypto";

/** A number of lines and their digest. */
export interface CountedDigest {
  n: number;
  digest: string;
}

/** Collects lines; the digest is the first half of the SHA-256 of all of them, each ended by a line feed. */
export class LineDigest {
  #hash = createHash("sha256");
  #n = 0;

  add(line: string): this {
    this.#hash.update(`${line}\n`);
    this.#n++;
    return this;
  }

  /** Ends the collection. */
  end(): CountedDigest {
    return { n: this.#n, digest: this.#hash.digest("hex").slice(0, 32) };
  }
}

/** Of no line at all. */
export const emptyDigest = new LineDigest().end().digest;

/** SQL of the same digest; `line` is SQL too, and so are the order of the lines and the condition that they meet. */
export function digestSql(line: string, order: string, condition = "true"): string {
  return `left(sha256(coalesce(string_agg(${line} || chr(10), '' ORDER BY ${order}) FILTER (${condition}), '')), 32)`;
}

/** SQL of the line of an issue: when it was issued and made, in epoch milliseconds, and the digest of what was. */
export const forecastLine = "concat_ws(' ', epoch_ms(issuedTime), epoch_ms(madeTime), digest)";
