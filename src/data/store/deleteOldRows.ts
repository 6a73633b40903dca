import { dayMs } from "../../shared/time.js";
import { type Store, timestamp } from "./store.js";

/** Days for which requests are kept: a thousand stations make two million in that time. */
export const requestDays = 60;
/** Days for which failures of whole live replies are kept: no later reply replaces them. */
const replyFailureDays = 7;

/**
 * Deletes old requests, old failures of whole live replies, and what shards have learned with. Publishing calls it too, because merging the states of
 * shards brings back old requests for several stations.
 * @param now epoch milliseconds
 */
export async function deleteOldRows(store: Pick<Store, "run" | "transaction">, now: number): Promise<void> {
  const oldest = { oldest: timestamp(now - requestDays * dayMs) };
  await store.transaction(async () => {
    await store.run("DELETE FROM networkFields");
    await store.run("DELETE FROM requests WHERE requestedTime < $oldest", oldest);
    await store.run(`DELETE FROM requestsSaved WHERE runId IN (SELECT runId FROM runs WHERE "asOf" < $oldest)`, oldest);
    await store.run(
      `DELETE FROM quarantine
       WHERE source IN ('awc', 'nws') AND ("check" = 'file' OR stationId IS NULL) AND seenTime < $oldest`,
      { oldest: timestamp(now - replyFailureDays * dayMs) },
    );
  });
}
