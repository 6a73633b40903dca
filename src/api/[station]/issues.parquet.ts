import { writeIssues } from "../../site/api/stationParquet.js";
import { printParquet } from "../../site/loader.js";

await printParquet(writeIssues);
