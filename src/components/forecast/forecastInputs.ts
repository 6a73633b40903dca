import type { StationSummary } from "../../shared/published/stationSummary.js";
import { orderChoices } from "../stations/stationTable.js";
import { checkboxes, segmented, selectInput, textInput, unitInput, variableInput } from "../ui/inputs.js";
import { stationInput } from "../ui/station.js";

/** The inputs of the forecast page by their names in its address, except the time of the forecast. */
export function forecastInputs(stations: readonly StationSummary[]) {
  return {
    station: stationInput(stations),
    variable: variableInput(),
    unit: unitInput(),
    time: segmented("Time", [
      ["station", "Station"],
      ["utc", "UTC"],
      ["mine", "Mine"],
    ]),
    show: checkboxes(
      "Also show",
      [
        ["dewPoint", "Dew point"],
        ["naive", "Baselines"],
        ["official", "Weather service (US)"],
      ],
      ["official"],
    ),
    find: textInput("Find", { placeholder: "code or name" }),
    order: selectInput("Order", orderChoices),
  };
}
