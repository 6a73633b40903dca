import { printParquet } from "../../data/printParquet.js";
import { writeIssues } from "../../data/stationIssues.js";

await printParquet(writeIssues);
