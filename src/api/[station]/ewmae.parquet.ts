import { writeEwmae } from "../../pipeline/api/stationParquet.js";
import { printParquet } from "../../site/loader.js";

await printParquet(writeEwmae);
