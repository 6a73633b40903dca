import { writeLearnedHours } from "../../site/api/stationParquet.js";
import { printParquet } from "../../site/loader.js";

await printParquet(writeLearnedHours);
