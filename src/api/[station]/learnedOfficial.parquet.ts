import { writeLearnedOfficial } from "../../site/api/learnedOfficial.js";
import { printParquet } from "../../site/loaders/printParquet.js";

await printParquet(writeLearnedOfficial);
