import { printParquet } from "../../data/printParquet.js";
import { writeEwmae } from "../../data/stationEwmae.js";

await printParquet(writeEwmae);
