import { writeLearnedHours } from "../../data/learnedHours.js";
import { printParquet } from "../../data/printParquet.js";

await printParquet(writeLearnedHours);
