import { createHash } from "node:crypto";

/** A number of lines and their digest. */
export interface CountedDigest {
  n: number;
  digest: string;
}

/** Digests lines: the first half of the SHA-256 of all lines, each ended by a line feed. */
export class LineDigest {
  #hash = createHash("sha256");
  #n = 0;

  add(line: string): this {
    this.#hash.update(`${line}\n`);
    this.#n++;
    return this;
  }

  /** Returns the count and digest; no line can be added after. */
  end(): CountedDigest {
    return { n: this.#n, digest: this.#hash.digest("hex").slice(0, 32) };
  }
}

/** Digests of lines by key. */
export class LineDigests<Key> {
  readonly #lines = new Map<Key, LineDigest>();

  add(key: Key, line: string): void {
    const lines = this.#lines.get(key) ?? new LineDigest();
    this.#lines.set(key, lines.add(line));
  }

  /** Returns the counts and digests; no line can be added after. */
  end(): Map<Key, CountedDigest> {
    return new Map([...this.#lines].map(([key, lines]) => [key, lines.end()]));
  }
}

/** The digest of no lines. */
export const emptyDigest = new LineDigest().end().digest;

/** SQL of the same digest; the line, its order and the condition are SQL expressions. */
export function digestSql(line: string, order: string, condition = "true"): string {
  return `left(sha256(coalesce(string_agg(${line} || chr(10), '' ORDER BY ${order}) FILTER (${condition}), '')), 32)`;
}

/** SQL of a forecast's line: times of issue and making, in epoch milliseconds, and its digest. */
export const forecastLine = "concat_ws(' ', epoch_ms(issuedTime), epoch_ms(madeTime), digest)";
