import { writeEwmae } from "../../site/api/stationEwmae.js";
import { printParquet } from "../../site/loaders/printParquet.js";

await printParquet(writeEwmae);
