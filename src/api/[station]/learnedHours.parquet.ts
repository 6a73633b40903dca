import { writeLearnedHours } from "../../site/api/learnedHours.js";
import { printParquet } from "../../site/loaders/printParquet.js";

await printParquet(writeLearnedHours);
