import { dayMs } from "../../shared/time.js";
import { type Store, timestamp } from "./store.js";

/** For so many days requests are kept: a thousand stations make two million in that time. */
export const requestDays = 60;
/** For so many days it is told that a reply of a live service was no good: no later one has its name. */
const replyFailureDays = 7;

/**
 * Forgets requests that are too old to be told of, and what was wrong with whole replies of the live services. A part of
 * publishing: where parts of the stations were merged, requests for several stations that a part has forgotten come back
 * with what it is merged into.
 * @param now epoch milliseconds
 */
export async function forgetOld(store: Pick<Store, "run" | "transaction">, now: number): Promise<void> {
  const oldest = { oldest: timestamp(now - requestDays * dayMs) };
  await store.transaction(async () => {
    await store.run("DELETE FROM requests WHERE requestedTime < $oldest", oldest);
    await store.run(`DELETE FROM requestsSaved WHERE runId IN (SELECT runId FROM runs WHERE "asOf" < $oldest)`, oldest);
    await store.run(
      `DELETE FROM quarantine
       WHERE source IN ('awc', 'nws') AND ("check" = 'file' OR stationId IS NULL) AND seenTime < $oldest`,
      { oldest: timestamp(now - replyFailureDays * dayMs) },
    );
  });
}
