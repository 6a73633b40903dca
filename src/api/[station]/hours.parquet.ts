import { writeObservedHours } from "../../site/api/observedHours.js";
import { printParquet } from "../../site/loaders/printParquet.js";

await printParquet(writeObservedHours);
