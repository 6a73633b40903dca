import { writeObservedHours } from "../../site/api/stationParquet.js";
import { printParquet } from "../../site/loader.js";

await printParquet(writeObservedHours);
