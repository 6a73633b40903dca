import { writeIssues } from "../../site/api/stationIssues.js";
import { printParquet } from "../../site/loaders/printParquet.js";

await printParquet(writeIssues);
