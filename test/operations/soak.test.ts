import { join } from "node:path";
import { expect, it } from "vitest";
import { headStart, soak, soakConfig } from "../support/soak.js";
import { soakFindings } from "../support/soakFindings.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { fastExperts } from "../support/training.js";

// The short form of `npm run bench soak`.

it("hours of faults and kills end as the same hours in peace: nothing lost, learned twice or asked twice", async () => {
  const folder = await temporaryFolder();
  const [clean, faulty] = [join(folder, "clean"), join(folder, "faulty")];
  const options = { hours: 9, seed: 18, icaos: ["KORD"] as const, experts: fastExperts };
  const peaceful = await soak({ ...options, home: clean, isFaulty: false });
  expect(peaceful).toMatchObject({ faults: {}, killed: 0, missedHours: 0, errors: [], repeated: [] });
  const soaked = await soak({ ...options, home: faulty, isFaulty: true });
  expect(soaked).toMatchObject({ errors: [], repeated: [] });
  expect(Object.values(soaked.faults).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(3);
  expect(soaked.killed).toBeGreaterThan(0);
  expect(soaked.missedHours).toBeGreaterThan(0);
  const found = await soakFindings(soakConfig(clean, fastExperts), soakConfig(faulty, fastExperts));
  expect(found).toMatchObject({
    hoursOtherwise: [],
    reportsOtherwise: [],
    guidanceOtherwise: [],
    duplicates: [],
    learnedOtherwise: {},
    issuesOtherwise: [],
    statesOtherwise: [],
    scoresOtherwise: {},
    late: {},
    verified: [{ id: "USW00094846", difference: null }],
  });
  expect(found.issues).toBeGreaterThanOrEqual(headStart + options.hours);
  expect(found.states).toBeGreaterThan(0);
}, 120_000);
