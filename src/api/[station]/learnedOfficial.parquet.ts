import { writeLearnedOfficial } from "../../data/learnedOfficial.js";
import { printParquet } from "../../data/printParquet.js";

await printParquet(writeLearnedOfficial);
