import { beforeAll, describe, expect, test } from "vitest";
import { type FixtureApi, readFixtureApi } from "../../support/fixtureApi.js";
import { home, lead, visit } from "../../support/visit.js";

let api: FixtureApi;
beforeAll(async () => {
  api = await readFixtureApi(home);
});

describe("the model page", () => {
  test("shows the published weights and the chain", () =>
    visit("model?station=KATL", async (page) => {
      const { snapshots } = api.models.KATL!;
      const { weights } = api.weights.KATL!.at(-1)!;
      await page.locator("summary", { hasText: "The weights as a table" }).click();
      const row = await page.getByRole("row", { name: /^T₋0 / }).locator("td").allInnerTexts();
      expect(row[0]).toBe(weights.temperature.rows[1]![0]!.toFixed(3));
      await page.locator("summary", { hasText: "The newest snapshots" }).click();
      const newest = await page
        .getByRole("region", { name: "The newest snapshots" })
        .locator("tbody th code")
        .first()
        .getAttribute("title");
      expect(newest).toBe(snapshots.at(-1)!.snapshotId);
      await expect.poll(() => lead(page)).toContain(`${snapshots.at(-1)!.hoursConsumed} hours`);
    }));
});
