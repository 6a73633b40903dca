import { expect, test } from "vitest";
import { minuteMs } from "../../../src/shared/time.js";
import { fixtureTime } from "../../support/publishedFixture/fixturePlaces.js";
import { visit } from "../../support/visit.js";

test.each(["", "station/KATL", "evaluation", "model", "data", "explore"])(
  "/%s offers newer data when the reader returns, without a layout shift",
  (address) =>
    visit(address, async (page) => {
      let requests = 0;
      let isNewer = false;
      await page.route("**/status.json", async (route) => {
        requests++;
        const status = await (await route.fetch()).json();
        if (isNewer) status.stations.at(-1).newestIssuedTime = fixtureTime + 60 * minuteMs;
        await route.fulfill({ json: status });
      });
      const line = page.getByRole("status").and(page.locator(".newer"));
      const returnAfter = async (minutes: number) => {
        await page.clock.setFixedTime(fixtureTime + (30 + minutes) * minuteMs);
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      };
      await returnAfter(0.5);
      await returnAfter(2);
      await expect.poll(() => requests).toBe(1);
      await page.context().setOffline(true);
      await returnAfter(4);
      await page.context().setOffline(false);
      expect(await line.textContent()).toBe("");

      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      isNewer = true;
      await returnAfter(6);
      await expect.poll(() => line.textContent()).toBe("Newer data: reload");
      expect(requests).toBe(2);
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(height);
      await Promise.all([page.waitForEvent("load"), line.getByRole("button", { name: "reload" }).click()]);
      await page.waitForFunction(() => document.querySelector(".newer"));
      expect(await line.textContent()).toBe("");
    }),
);

test.each([
  ["?station=KATL", ".freshness", /^Newest observation .* old/, /^Stale: newest observation 4 h old/],
  ["data", "main", /Updated \d+ min ago/, /The data were last updated 4 h ago; they should be updated every hour/],
])("/%s says that data are old as soon as they are, also when it stays open", (address, place, before, after) =>
  visit(
    address,
    async (page) => {
      const text = () => page.locator(place).first().innerText();
      await expect.poll(text).toMatch(before);
      expect(await text()).not.toMatch(after);
      await page.clock.setFixedTime(fixtureTime + 240 * minuteMs);
      await expect.poll(text).toMatch(after);
    },
    { initScript: fastMinutes },
  ),
);

/** A minute passes at once. */
const fastMinutes = `for (const name of ["setTimeout", "setInterval"]) {
  const native = window[name];
  window[name] = (work, ms, ...rest) => native.call(window, work, ms === ${minuteMs} ? 100 : ms, ...rest);
}`;
