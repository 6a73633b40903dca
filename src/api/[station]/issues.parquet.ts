import { writeIssues } from "../../pipeline/api/stationParquet.js";
import { printParquet } from "../../site/loader.js";

await printParquet(writeIssues);
