import fc from "fast-check";
import { expect, test } from "vitest";
import { rateLimit } from "../../../src/data/http/pace.js";
import { minuteMs } from "../../../src/shared/time.js";

test("the rate limit holds in every minute, and no request waits longer than necessary", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 80 }),
      (perMinute, steps) => {
        let time = 0;
        const next = rateLimit(perMinute, () => time);
        const sent = steps.map((step) => {
          time += step;
          const at = time + next();
          return { asked: time, at };
        });
        sent.forEach(({ asked, at }, i) => {
          const before = sent[i - perMinute]?.at ?? Number.NEGATIVE_INFINITY;
          expect(at).toBe(Math.max(asked, before + minuteMs));
        });
      },
    ),
  );
  expect(() => rateLimit(0)).toThrow("rate 0 per minute is not positive");
});
