import fc from "fast-check";
import { expect, it } from "vitest";
import { nextPart, type Seen } from "../../../src/data/fetch/blockSearch.js";
import { blocksIn, readBlocks } from "../../../src/data/sources/nbmBlocks.js";
import { leadsOf, printBlock, separator } from "../../support/nbmBulletin.js";

const runTime = Date.UTC(2026, 9, 1, 12);
const hours = leadsOf("nbh", runTime).map(() => ({ temperatureF: 70, dewPointF: 60, spreadF: 1 }));
const row = ` TST ${"  0".repeat(25)}`;
const blocks = [20, 40].map((rows) =>
  printBlock({ code: "CODE", bulletin: "nbh", runTime, hours, others: Array(rows).fill(row) }),
);

/** Bulletins of some stations, with short and long blocks. */
const bulletins = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 99_999 }), fc.boolean()), { minLength: 1, maxLength: 300 })
  .map((stations) => {
    const codes = new Map(stations.map(([number, isLong]) => [`K${number.toString(36).toUpperCase()}`, isLong]));
    const inOrder = [...codes].sort(([a], [b]) => (a < b ? -1 : 1));
    const text = inOrder.map(([code, isLong]) => blocks[Number(isLong)]!.replace("CODE", code)).join("");
    return { text: `1\n${separator}${text}`, codes: inOrder.map(([code]) => code) };
  });

it("finds every block of a bulletin, wherever it was before, and no other", () => {
  const code = fc.oneof(
    fc.nat().map((i) => i),
    fc.constantFrom("086092", "KZZZZZ", "KM0", "ZZZZ"),
  );
  fc.assert(
    fc.property(bulletins, code, fc.option(fc.integer({ min: 0, max: 1 << 20 })), ({ text, codes }, which, place) => {
      const wanted = typeof which === "string" ? which : codes[which % codes.length]!;
      const seen: Seen = { total: null, parts: [], blocks: new Map() };
      let attempts = 0;
      let part = nextPart(seen, wanted, place, 0);
      while (part && !seen.blocks.get(wanted)?.isWhole) {
        // A server has no part after the end, and sends the whole.
        if (part.first >= text.length) part = { first: 0, last: text.length - 1 };
        const { first } = part;
        const last = Math.min(part.last, text.length - 1);
        for (const block of blocksIn(text.slice(first, last + 1), first)) {
          if (!seen.blocks.get(block.header.code)?.isWhole) seen.blocks.set(block.header.code, block);
        }
        seen.total = text.length;
        seen.parts.push({ first, last });
        part = nextPart(seen, wanted, place, ++attempts);
        expect(attempts).toBeLessThan(20);
      }
      const found = seen.blocks.get(wanted);
      expect(found?.header.code ?? null).toBe(codes.includes(wanted) ? wanted : null);
      if (found) expect(text.startsWith(` ${wanted} `, found.start)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it("reads the same blocks from chunks of any size", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(bulletins, sizes, async ({ text, codes }, sizes) => {
      async function* chunks() {
        for (let at = 0, i = 0; at < text.length; at += sizes[i++ % sizes.length]!) {
          yield Buffer.from(text.slice(at, at + sizes[i % sizes.length]!), "latin1");
        }
      }
      const read = [];
      for await (const block of readBlocks(chunks())) read.push(block);
      expect(read).toEqual(blocksIn(text, 0));
      expect(read.map(({ header }) => header.code)).toEqual(codes);
    }),
    { numRuns: 20 },
  );
});
