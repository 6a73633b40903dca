import { writeObservedHours } from "../../data/observedHours.js";
import { printParquet } from "../../data/printParquet.js";

await printParquet(writeObservedHours);
